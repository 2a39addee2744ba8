import { z } from "zod"
import { bool, emptyable, expand, int, metadata, text } from "../notation/params"
import { FEEDBACK } from "./end-subscription"

const proration = z.enum(["always_invoice", "create_prorations", "none"])
const behavior = z.enum(["allow_incomplete", "default_incomplete", "error_if_incomplete"])
const paymentSettings = z.strictObject({
  save_default_payment_method: z.enum(["off", "on_subscription"]).optional(),
})

const trialSettings = z
  .strictObject({
    end_behavior: z.strictObject({ missing_payment_method: z.enum(["cancel", "create_invoice", "pause"]) }),
  })
  .optional()

export const cancellationDetails = z.strictObject({
  comment: emptyable.optional(),
  feedback: z.enum(FEEDBACK).optional(),
})

/** One item only. More than the stand-in supports is refused as too many. */
export const createParams = z.strictObject({
  billing_cycle_anchor: int.optional(),
  customer: text,
  default_payment_method: text.optional(),
  description: text.optional(),
  expand,
  items: z.array(z.strictObject({ price: text, quantity: int.optional() })).length(1),
  metadata: metadata.optional(),
  off_session: bool.optional(),
  payment_behavior: behavior.optional(),
  payment_settings: paymentSettings.optional(),
  proration_behavior: proration.optional(),
  trial_end: int.optional(),
  trial_period_days: int.optional(),
  trial_settings: trialSettings,
})

export const updateParams = z.strictObject({
  billing_cycle_anchor: z.enum(["now", "unchanged"]).optional(),
  cancel_at_period_end: bool.optional(),
  cancellation_details: cancellationDetails.optional(),
  default_payment_method: emptyable.optional(),
  description: emptyable.optional(),
  expand,
  items: z
    .array(z.strictObject({ id: text, price: text.optional(), quantity: int.optional() }))
    .length(1)
    .optional(),
  metadata: metadata.optional(),
  off_session: bool.optional(),
  pause_collection: z
    .union([
      z.literal(""),
      z.strictObject({
        behavior: z.enum(["keep_as_draft", "mark_uncollectible", "void"]),
        resumes_at: int.optional(),
      }),
    ])
    .optional(),
  payment_behavior: behavior.optional(),
  payment_settings: paymentSettings.optional(),
  proration_behavior: proration.optional(),
})
