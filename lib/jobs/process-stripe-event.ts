import type { Db } from "@/lib/db/client"
import { UnavailableError } from "@/lib/errors"
import { alarm } from "@/lib/log"
import { applyPaymentState } from "@/lib/purchases/settle-purchase"
import { parkPayment } from "@/lib/purchases/store"
import { type CheckoutFound, type PaymentFound, readCheckout, readPayment } from "@/lib/stripe/gateway"

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
    await ctx.db.stripeEvent.update({
      where: { id: eventId },
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
  const found = event.objectId.startsWith("cs_")
    ? await readCheckout(event.objectId)
    : await readPayment(event.objectId)
  if (found.kind === "unavailable") throw new UnavailableError("Stripe can’t be reached.")
  if (found.kind === "missing") {
    alarm("stripe_object_missing", { event: event.id, object: event.objectId })
    return "ignored"
  }
  // Payments that no purchase of ours asked for, such as a subscription's invoice, are not credits.
  if (!found.owner.purchaseId || !found.owner.customerId) return "ignored"
  const customer = await ctx.db.stripeCustomer.findUnique({ where: { id: found.owner.customerId } })
  if (!customer) {
    alarm("unknown_stripe_customer", { event: event.id, customer: found.owner.customerId })
    return "ignored"
  }

  const ref = { teamId: customer.teamId, purchaseId: found.owner.purchaseId }
  if (!(await isOwnPurchase(ctx.db, ref, found))) {
    await refuseForeign(ctx.db, ref.teamId, event.id, found)
    return "ignored"
  }
  await applyPaymentState(ctx, ref, found.state)
  return "processed"
}

// Metadata can be edited by whoever works in Stripe's dashboard, so it only names a purchase; the session that we opened
// for the purchase has to agree.
async function isOwnPurchase(
  db: Db,
  { teamId, purchaseId }: { teamId: string; purchaseId: string },
  found: CheckoutFound | PaymentFound,
): Promise<boolean> {
  const purchase = await db.purchase.findUnique({
    where: { teamId_id: { teamId, id: purchaseId } },
    select: { checkoutSessionId: true },
  })
  if (!purchase) return false
  return (
    !("sessionId" in found) ||
    purchase.checkoutSessionId === null ||
    purchase.checkoutSessionId === found.sessionId
  )
}

async function refuseForeign(
  db: Db,
  teamId: string,
  eventId: string,
  found: CheckoutFound | PaymentFound,
): Promise<void> {
  if (found.state.status !== "paid") return alarm("unknown_purchase", { event: eventId, team: teamId })
  const { paymentIntentId, amountMinor, currency } = found.state.payment
  await db.$transaction((tx) =>
    parkPayment(tx, { paymentIntentId, teamId, amountMinor, currency, reason: "unknown_purchase" }),
  )
  alarm("payment_parked", { payment: paymentIntentId, team: teamId, reason: "unknown_purchase" })
}
