import { z } from "zod"
import { bool, currency, expand, int, metadata, text } from "../notation/params"

/** Not for a subscription: those write their own. */
export const invoiceParams = z.strictObject({
  auto_advance: bool.optional(),
  collection_method: z.enum(["charge_automatically", "send_invoice"]).optional(),
  currency: currency.optional(),
  customer: text,
  days_until_due: int.optional(),
  default_payment_method: text.optional(),
  description: text.optional(),
  expand,
  footer: text.optional(),
  metadata: metadata.optional(),
  pending_invoice_items_behavior: z.enum(["exclude", "include"]).optional(),
})

export const itemParams = z.strictObject({
  amount: int.optional(),
  currency: currency.optional(),
  customer: text,
  description: text.optional(),
  expand,
  invoice: text.optional(),
  metadata: metadata.optional(),
  pricing: z.strictObject({ price: text }).optional(),
  quantity: int.optional(),
})
