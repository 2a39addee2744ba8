import { MINUTE_MS } from "@/lib/clock"
import { findStripeCustomer } from "@/lib/customers/stripe-customer"
import type { Db, Tx } from "@/lib/db/client"
import { enqueueJob } from "@/lib/queue/enqueue"
import { answerForReader } from "@/lib/stripe/outcome"
import { payAllWithDefault } from "@/lib/stripe/payment-methods"
import { syncPaymentMethods } from "./sync-payment-methods"

/** Long after every Stripe call of the request has ended. */
const DELAY_MS = MINUTE_MS

/**
 * Setting a default takes several calls to Stripe. If the process dies between them, this job finishes it. Otherwise
 * a subscription would keep charging the former payment method.
 */
export async function schedulePayingWithDefault(
  tx: Tx,
  { team, now }: { team: { id: string }; now: Date },
): Promise<void> {
  const runAt = new Date(now.getTime() + DELAY_MS)
  await enqueueJob(tx, "pay-with-default", { teamId: team.id }, { key: `pay-with-default:${team.id}`, runAt })
}

/** Lets the team's subscriptions charge the customer's present default. Safe to repeat. */
export async function payWithDefault(ctx: { db: Db; now: Date }, teamId: string): Promise<void> {
  const customerId = await findStripeCustomer(ctx.db, teamId)
  if (customerId === null) return
  answerForReader(await payAllWithDefault(customerId))
  await syncPaymentMethods(ctx, teamId)
}
