import { MINUTE_MS } from "@/lib/clock"
import { findStripeCustomer } from "@/lib/customers/stripe-customer"
import type { Tx } from "@/lib/db/client"
import { ConflictError } from "@/lib/errors"
import { answerForReader, isUnanswered, type Unanswered } from "@/lib/stripe/outcome"
import { detachPaymentMethod, setDefaultPaymentMethod } from "@/lib/stripe/payment-methods"
import { requireManager } from "./admit"
import { chooseDefault } from "./choose-default"
import type { PaymentMethodCtx } from "./ctx"
import { PaymentMethodNotFoundError } from "./errors"
import { cardOf } from "./expiry"
import { identityOf } from "./one-per-card"
import { schedulePayingWithDefault } from "./pay-with-default"
import { recordMethod } from "./record-method"
import { decideRemoval, type PaymentMethodUse, type Removal } from "./removal"
import { lockPaymentMethods, type StoredPaymentMethod } from "./store"
import { syncOrWaitForEvent } from "./sync-payment-methods"
import { listPaymentMethodUses } from "./uses"

/** A removal that hasn't ended by then never will, because its process is gone. */
const REMOVAL_MS = MINUTE_MS

const REFUSALS: Record<Exclude<Removal, "allowed">, string> = {
  last_for_auto_top_up:
    "This is your only payment method, and auto top-up charges it. Add another one or turn auto top-up off first.",
  last_for_subscription:
    "This is your only payment method, and your plan is paid with it. Add another one first.",
}

/**
 * Removes a payment method at Stripe for good, with every other copy of the same card. If it was the default, the
 * next best becomes it first. Throws `ConflictError` for the last one while something relies on it. One that is
 * already gone is not found. Concurrent calls make one removal.
 */
export async function removePaymentMethod(
  ctx: PaymentMethodCtx,
  { paymentMethodId }: { paymentMethodId: string },
): Promise<void> {
  const customerId = await findStripeCustomer(ctx.db, ctx.team.id)
  await ctx.db.$transaction((tx) => requireManager(tx, ctx))
  if (customerId === null) throw new PaymentMethodNotFoundError()
  const ref = { customerId, paymentMethodId }
  const isKnown = await ctx.db.paymentMethod.count({
    where: { teamId: ctx.team.id, id: paymentMethodId, customerId },
  })
  if (isKnown === 0) throw new PaymentMethodNotFoundError()
  const uses = await listPaymentMethodUses(ctx.db, { teamId: ctx.team.id, customerId })
  const { method, ids, nextDefaultId } = await ctx.db.$transaction((tx) =>
    beginRemoval(tx, ctx, { ...ref, uses }),
  )
  const { removed, unanswered } = await removeAtStripe(customerId, ids, nextDefaultId)
  // Gone for certain, whether or not Stripe can be read now.
  await ctx.db.paymentMethod.deleteMany({ where: { teamId: ctx.team.id, id: { in: removed } } })
  if (unanswered) {
    await takeBack(ctx, method, ids)
    answerForReader(unanswered)
  }
  await syncOrWaitForEvent(ctx, ctx.team.id)
}

// Marked before Stripe is asked, so that two people who remove the last two at once don't each rely on the other's.
async function beginRemoval(
  tx: Tx,
  ctx: PaymentMethodCtx,
  asked: { customerId: string; paymentMethodId: string; uses: PaymentMethodUse[] },
): Promise<{ method: StoredPaymentMethod; ids: string[]; nextDefaultId: string | null }> {
  const { team, now } = ctx
  await requireManager(tx, ctx)
  const methods = await lockPaymentMethods(tx, { teamId: team.id, customerId: asked.customerId })
  const method = methods.find(({ id }) => id === asked.paymentMethodId)
  if (!method) throw new PaymentMethodNotFoundError()
  const copies = methods.filter((each) => identityOf(each) === identityOf(method))
  const ids = copies.map(({ id }) => id)
  const staying = methods.filter((each) => !ids.includes(each.id) && !isBeingRemoved(each, now))
  const removal = decideRemoval({ isLast: staying.length === 0, uses: asked.uses })
  if (removal !== "allowed") throw new ConflictError(REFUSALS[removal])
  await recordMethod(tx, ctx, "payment_method.removed", method)
  await tx.paymentMethod.updateMany({
    where: { teamId: team.id, id: { in: ids } },
    data: { removingAt: now },
  })
  const next = copies.some(({ isDefault }) => isDefault)
    ? chooseDefault(
        staying.map((each) => ({ ...each, card: cardOf(each) })),
        { now },
      )
    : null
  if (next) await schedulePayingWithDefault(tx, ctx)
  return { method, ids, nextDefaultId: next?.id ?? null }
}

function isBeingRemoved({ removingAt }: StoredPaymentMethod, now: Date): boolean {
  return removingAt !== null && now.getTime() - removingAt.getTime() < REMOVAL_MS
}

/** `unanswered`: Stripe couldn't be asked about the rest. */
async function removeAtStripe(
  customerId: string,
  ids: string[],
  nextDefaultId: string | null,
): Promise<{ removed: string[]; unanswered: Unanswered | null }> {
  // First, so that the customer is never without a default.
  const chosen = nextDefaultId && (await setDefaultPaymentMethod(customerId, nextDefaultId))
  if (chosen && isUnanswered(chosen)) return { removed: [], unanswered: chosen }
  const removed: string[] = []
  for (const id of ids) {
    const detached = await detachPaymentMethod(customerId, id)
    if (isUnanswered(detached)) return { removed, unanswered: detached }
    removed.push(id)
  }
  return { removed, unanswered: null }
}

async function takeBack(ctx: PaymentMethodCtx, method: StoredPaymentMethod, ids: string[]): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    await tx.paymentMethod.updateMany({
      where: { teamId: ctx.team.id, id: { in: ids } },
      data: { removingAt: null },
    })
    await recordMethod(tx, ctx, "payment_method.kept", method)
  })
}
