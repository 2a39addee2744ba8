import type { Db } from "@/lib/db/client"
import { UnavailableError } from "@/lib/errors"
import { alarm } from "@/lib/log"
import { parkPayment } from "@/lib/purchases/park-payment"
import { applyPaymentState } from "@/lib/purchases/settle-purchase"
import { type PaymentFound, readCheckout, readPayment } from "@/lib/stripe/gateway"

type Ctx = { db: Db; now: Date }

/**
 * Acts on one event of the inbox: reads the object that it names again, finds whose it is by our own record of the
 * customer, and writes down the object's present state. Running twice, late or out of order ends in the same state.
 */
export async function processStripeEvent(ctx: Ctx, eventId: string): Promise<void> {
  const event = await ctx.db.stripeEvent.findUnique({ where: { id: eventId } })
  if (!event || event.status === "processed" || event.status === "ignored") return
  try {
    const status = await handle(ctx, event)
    await ctx.db.stripeEvent.update({
      where: { id: eventId },
      data: { status, attempts: { increment: 1 }, lastError: null, processedAt: ctx.now },
    })
  } catch (error) {
    await ctx.db.stripeEvent.updateMany({
      where: { id: eventId, status: { in: ["received", "failed"] } },
      data: {
        status: "failed",
        attempts: { increment: 1 },
        lastError: error instanceof Error ? error.message : String(error),
      },
    })
    throw error
  }
}

async function handle(ctx: Ctx, event: { id: string; objectId: string }): Promise<"processed" | "ignored"> {
  if (!/^(cs|pi)_\w+$/.test(event.objectId)) {
    alarm("event_without_payment", { event: event.id, object: event.objectId })
    return "ignored"
  }
  const found = event.objectId.startsWith("cs_")
    ? await readCheckout(event.objectId)
    : await readPayment(event.objectId)
  if (found.kind === "unavailable") throw new UnavailableError("Stripe can’t be reached.")
  // Seen under a wrong key or a restored database, for instance. It stays in sight, and can be delivered again.
  if (found.kind === "missing") throw new Error(`Stripe has no ${event.objectId}`)

  // Payments that no purchase of ours asked for, such as a subscription's invoice, are not credits.
  const { customerId, purchaseId } = found.owner
  if (!purchaseId) return "ignored"
  const customer = customerId && (await ctx.db.stripeCustomer.findUnique({ where: { id: customerId } }))
  if (!customer) {
    await refuse(ctx, event.id, found, { teamId: null, reason: "unknown_customer" })
    return "ignored"
  }
  const { teamId } = customer
  if (!(await isOwnPurchase(ctx.db, { teamId, purchaseId }, found))) {
    await refuse(ctx, event.id, found, { teamId, reason: "unknown_purchase" })
    return "ignored"
  }
  await applyPaymentState(ctx, { teamId, purchaseId }, found.state)
  return "processed"
}

// Metadata can be edited by whoever works in Stripe's dashboard, so it only names a purchase; the session that we opened
// for the purchase has to agree. It isn't written down yet if the event overtook Stripe's answer to us.
async function isOwnPurchase(
  db: Db,
  { teamId, purchaseId }: { teamId: string; purchaseId: string },
  found: PaymentFound,
): Promise<boolean> {
  const purchase = await db.purchase.findUnique({
    where: { teamId_id: { teamId, id: purchaseId } },
    select: { checkoutSessionId: true },
  })
  if (!purchase) return false
  return purchase.checkoutSessionId === null || purchase.checkoutSessionId === found.sessionId
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
