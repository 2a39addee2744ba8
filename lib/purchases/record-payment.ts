import type { Db } from "@/lib/db/client"
import { alarm } from "@/lib/log"
import { type PaymentFound, readCheckout, readPayment } from "@/lib/stripe/gateway"
import { requireAnswer } from "@/lib/stripe/outcome"
import type { ReceivedEvent } from "@/lib/stripe/received-event"
import { parkPayment } from "./park-payment"
import { applyPaymentState } from "./settle-purchase"

type Ctx = { db: Db; now: Date }

/** `subscriptionOf`: the checkout buys no credits but begins a subscription, for this customer at Stripe. */
export type PaymentRecorded = "processed" | "ignored" | { subscriptionOf: string | null }

/**
 * Records what a checkout or payment at Stripe has become, with the purchase to which it belongs. Our own record of the
 * customer decides whose it is. Captured money that fits none of our purchases is parked.
 */
export async function recordPayment(ctx: Ctx, event: ReceivedEvent): Promise<PaymentRecorded> {
  if (await isCredited(ctx.db, event)) return "processed"
  const { id: eventId, objectId } = event
  const read = objectId.startsWith("cs_") ? await readCheckout(objectId) : await readPayment(objectId)
  const found = requireAnswer(read)
  if (found.kind === "subscription") return { subscriptionOf: found.customerId }
  // Happens under a wrong key or a restored database, for instance. The event stays visible and can be delivered
  // again.
  if (found.kind === "missing") throw new Error(`Stripe has no ${objectId}`)

  // Payments that no purchase of ours asked for, such as a subscription's invoice, are not credits. Nor is a checkout
  // without a payment, which saves a card or begins a subscription.
  const { customerId, purchaseId } = found.owner
  if (!purchaseId || found.state.status === "nothing_due") return "ignored"
  const customer = customerId && (await findCustomer(ctx.db, { customerId, purchaseId }))
  if (!customer) {
    await refuse(ctx, eventId, found, { teamId: null, reason: "unknown_customer" })
    return "ignored"
  }
  const { teamId, purchase } = customer
  // Anybody who works in Stripe's dashboard can edit metadata, so it only names a purchase: the session that we opened for the
  // purchase has to agree. That isn't recorded yet if the event overtook Stripe's answer to us.
  if (!purchase || (purchase.sessionId ?? found.sessionId) !== found.sessionId) {
    await refuse(ctx, eventId, found, { teamId, reason: "unknown_purchase" })
    return "ignored"
  }
  await applyPaymentState(ctx, { teamId, purchaseId }, found.state)
  return "processed"
}

// Several events announce one payment, and a credited payment stays credited: refunds and disputes have events of their own.
// The customer that the event names only says where to look. Our own record decides.
async function isCredited(db: Db, { objectId, customerId }: ReceivedEvent): Promise<boolean> {
  // Two queries, because an OR would read every purchase that succeeded.
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM stripe_customers c JOIN purchases p ON p.team_id = c.team_id AND p.checkout_session_id = ${objectId}
    WHERE c.id = ${customerId} AND p.status = 'succeeded'
    UNION ALL
    SELECT 1 FROM stripe_customers c JOIN purchases p ON p.team_id = c.team_id AND p.payment_intent_id = ${objectId}
    WHERE c.id = ${customerId} AND p.status = 'succeeded'`
  return rows.length > 0
}

async function findCustomer(
  db: Db,
  { customerId, purchaseId }: { customerId: string; purchaseId: string },
): Promise<{ teamId: string; purchase: { sessionId: string | null } | null } | null> {
  const [row] = await db.$queryRaw<{ teamId: string; hasPurchase: boolean; sessionId: string | null }[]>`
    SELECT c.team_id AS "teamId", p.id IS NOT NULL AS "hasPurchase", p.checkout_session_id AS "sessionId"
    FROM stripe_customers c LEFT JOIN purchases p ON p.team_id = c.team_id AND p.id = ${purchaseId}::uuid
    WHERE c.id = ${customerId}`
  return row ? { teamId: row.teamId, purchase: row.hasPurchase ? { sessionId: row.sessionId } : null } : null
}

async function refuse(
  ctx: Ctx,
  eventId: string,
  { state }: PaymentFound,
  { teamId, reason }: { teamId: string | null; reason: string },
): Promise<void> {
  if (state.status === "paid") await parkPayment(ctx, { teamId, payment: state.payment, reason })
  else alarm(reason, { event: eventId, team: teamId })
}
