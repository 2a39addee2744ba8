import { findTeamOfCustomer } from "@/lib/customers/find-team-of-customer"
import type { EventHandler } from "@/lib/stripe/received-event"
import { syncPaymentMethods } from "./sync-payment-methods"

/**
 * Follows an event about a customer or about something they can be charged with. Our own record of the customer says
 * whose it is; the event only names the customer, because a detached payment method no longer does.
 */
export const followCustomer: EventHandler = async (ctx, { customerId }) => {
  const teamId = await findTeamOfCustomer(ctx.db, customerId)
  // Stripe accounts have customers that aren't teams of ours, and cards that belong to nobody.
  if (teamId === null) return "ignored"
  await syncPaymentMethods(ctx, teamId)
  return "processed"
}
