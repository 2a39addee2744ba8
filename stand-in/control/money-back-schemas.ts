import { z } from "zod"

export const refundSchema = z.strictObject({
  amount: z.number().int().optional(),
  reason: z.enum(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
  /** Stays like this until a test ends it. By default the test card decides. */
  status: z.enum(["succeeded", "pending", "requires_action"]).optional(),
})

export const refundFailureSchema = z.strictObject({
  reason: z
    .enum(["declined", "expired_or_canceled_card", "insufficient_funds", "lost_or_stolen_card", "unknown"])
    .default("expired_or_canceled_card"),
})

export const disputeSchema = z.strictObject({
  amount: z.number().int().positive().optional(),
  reason: z
    .enum([
      "credit_not_processed",
      "duplicate",
      "fraudulent",
      "general",
      "product_not_received",
      "product_unacceptable",
      "subscription_canceled",
      "unrecognized",
    ])
    .default("fraudulent"),
  /** The bank only asks, and no money moves. */
  inquiry: z.boolean().default(false),
})

export const disputeEndSchema = z.strictObject({ outcome: z.enum(["won", "lost", "warning_closed"]) })

export const fraudWarningSchema = z.strictObject({
  fraud_type: z
    .enum([
      "card_never_received",
      "fraudulent_card_application",
      "made_with_counterfeit_card",
      "made_with_lost_card",
      "made_with_stolen_card",
      "misc",
      "unauthorized_use_of_card",
    ])
    .default("made_with_stolen_card"),
})
