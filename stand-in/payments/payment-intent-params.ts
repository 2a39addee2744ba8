import { z } from "zod"
import { paymentOptions } from "../cards/card-options"
import { bool, currency, email, expand, int, metadata, text, url } from "../notation/params"

const usage = z.enum(["off_session", "on_session"])

const confirmation = {
  error_on_requires_action: bool.optional(),
  expand,
  off_session: bool.optional(),
  payment_method: text.optional(),
  payment_method_options: paymentOptions,
  receipt_email: email.optional(),
  return_url: url.optional(),
  setup_future_usage: usage.optional(),
  use_stripe_sdk: bool.optional(),
}

export const createParams = z.strictObject({
  ...confirmation,
  amount: int,
  currency,
  allowed_payment_method_types: z.array(z.enum(["card"])).optional(),
  automatic_payment_methods: z
    .strictObject({ enabled: bool, allow_redirects: z.enum(["always", "never"]).optional() })
    .optional(),
  capture_method: z.enum(["automatic", "automatic_async"]).optional(),
  confirm: bool.optional(),
  customer: text.optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  statement_descriptor_suffix: text.optional(),
})

export const confirmParams = z.strictObject(confirmation)

export const updateParams = z.strictObject({
  amount: int.optional(),
  currency: currency.optional(),
  customer: text.optional(),
  description: z.string().optional(),
  expand,
  metadata: metadata.optional(),
  payment_method: z.string().optional(),
  payment_method_options: paymentOptions,
  receipt_email: z.string().optional(),
  setup_future_usage: z.union([z.literal(""), usage]).optional(),
})
