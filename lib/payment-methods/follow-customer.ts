import type { EventHandler } from "@/lib/stripe/received-event"
import { syncPaymentMethods } from "./sync-payment-methods"

/**
 * Acts on what happened to a customer or to something that it can be charged with. Whose it is, our own record of the
 * customer says; the event only names the customer, because a payment method that was detached no longer does.
 */
export const followCustomer: EventHandler = async (ctx, { customerId }) => {
  const customer = customerId && (await ctx.db.stripeCustomer.findUnique({ where: { id: customerId } }))
  // Stripe accounts have customers that aren't teams of ours, and cards that belong to nobody.
  if (!customer) return "ignored"
  await syncPaymentMethods(ctx, customer.teamId)
  return "processed"
}
