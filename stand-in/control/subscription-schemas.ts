import { z } from "zod"
import { DECLINE_CODES } from "../cards/decline-codes"

export const renewSchema = z.strictObject({
  /** Without it the card decides. "succeed" is refused when the renewal isn't paid. */
  outcome: z.enum(["succeed", "fail"]).optional(),
  decline_code: z.enum(DECLINE_CODES).default("generic_decline"),
})

export const planSchema = z.strictObject({
  price: z.string(),
  quantity: z.number().int().positive().optional(),
  proration_behavior: z.enum(["always_invoice", "create_prorations", "none"]).default("none"),
  /** Scheduled like a downgrade in the portal. */
  at_period_end: z.boolean().default(false),
})

export const cancelSchema = z.strictObject({ at_period_end: z.boolean().default(false) })

export const statusSchema = z.strictObject({ status: z.enum(["active", "past_due", "unpaid", "paused"]) })
