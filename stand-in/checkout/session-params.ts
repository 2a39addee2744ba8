import { z } from "zod"
import { bool, currency, email, expand, int, metadata, recurring, text, url } from "../notation/params"

const redisplay = z.enum(["always", "limited", "unspecified"])

const priceData = z.strictObject({
  currency,
  product_data: z.strictObject({
    name: text,
    description: text.optional(),
    images: z.array(z.string()).optional(),
    metadata: metadata.optional(),
  }),
  recurring: recurring.optional(),
  tax_behavior: z.enum(["exclusive", "inclusive", "unspecified"]).optional(),
  unit_amount: int,
})

const lineItem = z.strictObject({
  metadata: metadata.optional(),
  price: text.optional(),
  price_data: priceData.optional(),
  quantity: int.optional(),
})

const subscriptionData = z.strictObject({
  billing_cycle_anchor: int.optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  proration_behavior: z.enum(["create_prorations", "none"]).optional(),
})

const paymentIntentData = z.strictObject({
  description: text.optional(),
  metadata: metadata.optional(),
  receipt_email: email.optional(),
  setup_future_usage: z.enum(["off_session", "on_session"]).optional(),
  statement_descriptor_suffix: text.optional(),
})

export const sessionParams = z.strictObject({
  adaptive_pricing: z.strictObject({ enabled: bool.optional() }).optional(),
  allowed_payment_method_types: z.array(z.enum(["card"])).optional(),
  billing_address_collection: z.enum(["auto", "required"]).optional(),
  cancel_url: url.optional(),
  client_reference_id: text.max(200).optional(),
  currency: currency.optional(),
  customer: text.optional(),
  customer_creation: z.enum(["always", "if_required"]).optional(),
  customer_email: email.optional(),
  customer_update: z
    .strictObject({
      address: z.enum(["auto", "never"]).optional(),
      name: z.enum(["auto", "never"]).optional(),
    })
    .optional(),
  expand,
  expires_at: int.optional(),
  invoice_creation: z
    .strictObject({
      enabled: bool,
      invoice_data: z
        .strictObject({
          description: text.optional(),
          footer: text.optional(),
          metadata: metadata.optional(),
        })
        .optional(),
    })
    .optional(),
  line_items: z.array(lineItem).min(1).max(100).optional(),
  locale: z.enum(["auto", "en", "en-GB"]).optional(),
  metadata: metadata.optional(),
  mode: z.enum(["payment", "setup", "subscription"]),
  payment_intent_data: paymentIntentData.optional(),
  redirect_on_completion: z.enum(["always", "if_required", "never"]).optional(),
  return_url: url.optional(),
  saved_payment_method_options: z
    .strictObject({
      allow_redisplay_filters: z.array(redisplay).optional(),
      payment_method_remove: z.enum(["enabled", "disabled"]).optional(),
      payment_method_save: z.enum(["enabled", "disabled"]).optional(),
    })
    .optional(),
  setup_intent_data: z
    .strictObject({ description: text.optional(), metadata: metadata.optional() })
    .optional(),
  submit_type: z.enum(["auto", "pay", "subscribe"]).optional(),
  subscription_data: subscriptionData.optional(),
  success_url: url.optional(),
  ui_mode: z.enum(["embedded_page", "hosted_page"]).optional(),
})

export type SessionParams = z.output<typeof sessionParams>
