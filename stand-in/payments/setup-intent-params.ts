import { z } from "zod"
import { setupOptions } from "../cards/card-options"
import { bool, expand, metadata, text, url } from "../notation/params"

const confirmation = {
  expand,
  payment_method: text.optional(),
  payment_method_options: setupOptions,
  return_url: url.optional(),
  use_stripe_sdk: bool.optional(),
}

export const createParams = z.strictObject({
  ...confirmation,
  allowed_payment_method_types: z.array(z.enum(["card"])).optional(),
  automatic_payment_methods: z
    .strictObject({ enabled: bool, allow_redirects: z.enum(["always", "never"]).optional() })
    .optional(),
  confirm: bool.optional(),
  customer: text.optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  usage: z.enum(["off_session", "on_session"]).optional(),
})

export const confirmParams = z.strictObject(confirmation)

export const updateParams = z.strictObject({
  customer: text.optional(),
  description: z.string().optional(),
  expand,
  metadata: metadata.optional(),
  payment_method: text.optional(),
  payment_method_options: setupOptions,
})
