import { findTeamOfCustomer } from "@/lib/customers/find-team-of-customer"
import { ignoreForeign } from "@/lib/stripe/ignore-foreign"
import { requireAnswer } from "@/lib/stripe/outcome"
import type { EventHandler } from "@/lib/stripe/received-event"
import { readSubscriptionCustomer } from "@/lib/stripe/subscriptions"
import { syncSubscription } from "./sync-subscription"

/** Follows an event about a subscription: reads everything of its team again. Our own record says whose it is. */
export const recordSubscription: EventHandler = async (ctx, { objectId }) => {
  const found = requireAnswer(await readSubscriptionCustomer(objectId))
  if (found.kind === "missing") throw new Error(`Stripe has no ${objectId}`)
  return recordCustomersSubscription(ctx, { objectId, customerId: found.customerId })
}

/** The same for other signs that a customer's subscription may have changed. */
export async function recordCustomersSubscription(
  ctx: Parameters<EventHandler>[0],
  { objectId, customerId }: { objectId: string; customerId: string | null },
): Promise<"processed" | "ignored"> {
  const teamId = await findTeamOfCustomer(ctx.db, customerId)
  if (teamId === null) {
    ignoreForeign("subscription", objectId)
    return "ignored"
  }
  await syncSubscription(ctx, teamId)
  return "processed"
}
