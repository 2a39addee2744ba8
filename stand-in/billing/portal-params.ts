import { z } from "zod"
import { bool, emptyable, expand, metadata, text, url } from "../notation/params"
import { FEEDBACK } from "./end-subscription"

const proration = z.enum(["always_invoice", "create_prorations", "none"])

const features = z.strictObject({
  customer_update: z
    .strictObject({
      allowed_updates: z
        .union([z.literal(""), z.array(z.enum(["address", "email", "name", "phone", "shipping", "tax_id"]))])
        .optional(),
      enabled: bool.optional(),
    })
    .optional(),
  invoice_history: z.strictObject({ enabled: bool }).optional(),
  payment_method_update: z.strictObject({ enabled: bool }).optional(),
  subscription_cancel: z
    .strictObject({
      cancellation_reason: z
        .strictObject({
          enabled: bool,
          options: z.array(z.enum(FEEDBACK)),
        })
        .transform((reason) => ({ ...reason, feedback_options: null }))
        .optional(),
      enabled: bool.optional(),
      mode: z.enum(["at_period_end", "immediately"]).optional(),
      proration_behavior: z.literal("none").optional(),
    })
    .optional(),
  subscription_update: z
    .strictObject({
      default_allowed_updates: z.union([z.literal(""), z.array(z.literal("price"))]).optional(),
      enabled: bool.optional(),
      products: z
        .union([z.literal(""), z.array(z.strictObject({ prices: z.array(text).min(1), product: text }))])
        .optional(),
      proration_behavior: proration.optional(),
      schedule_at_period_end: z
        .strictObject({
          conditions: z
            .array(z.strictObject({ type: z.enum(["decreasing_item_amount", "shortening_interval"]) }))
            .optional(),
        })
        .optional(),
    })
    .optional(),
})

export const configurationParams = z.strictObject({
  active: bool.optional(),
  business_profile: z
    .strictObject({
      headline: emptyable.optional(),
      privacy_policy_url: z.union([z.literal(""), url]).optional(),
      terms_of_service_url: z.union([z.literal(""), url]).optional(),
    })
    .optional(),
  default_return_url: z.union([z.literal(""), url]).optional(),
  expand,
  features: features.optional(),
  metadata: metadata.optional(),
  name: emptyable.optional(),
})

/** `active` can only be changed later. */
export const newConfigurationParams = configurationParams.omit({ active: true }).extend({ features })

const ofSubscription = z.strictObject({ subscription: text }).optional()

export const sessionParams = z.strictObject({
  configuration: text.optional(),
  customer: text,
  expand,
  flow_data: z
    .strictObject({
      after_completion: z
        .strictObject({
          redirect: z.strictObject({ return_url: url }).optional(),
          type: z.enum(["portal_homepage", "redirect"]),
        })
        .optional(),
      subscription_cancel: ofSubscription,
      subscription_update: ofSubscription,
      type: z.enum(["payment_method_update", "subscription_cancel", "subscription_update"]),
    })
    .optional(),
  locale: z.enum(["auto", "en", "en-GB"]).optional(),
  return_url: url.optional(),
})
