import { DAY_MS } from "@/lib/clock"
import { getBillingEmail } from "@/lib/customers/billing-details"
import { findStripeCustomer } from "@/lib/customers/stripe-customer"
import type { Db } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { UnavailableError } from "@/lib/errors"
import { toPublicId } from "@/lib/ids"
import { formatUsd, toDecimalString } from "@/lib/money/usd"
import { raise } from "@/lib/notifications/raise"
import { advancePurchase, moveForward } from "@/lib/purchases/advance-purchase"
import { lockPurchase } from "@/lib/purchases/find-purchase"
import { fulfilPurchase } from "@/lib/purchases/fulfil-purchase"
import { requireAnswer } from "@/lib/stripe/outcome"
import {
  confirmTopUpPayment,
  createTopUpPayment,
  readTopUpPayment,
  type TopUpPaymentState,
} from "@/lib/stripe/top-up-payments"
import { getOwnerEmail } from "@/lib/teams/queries"
import type { PoolRef } from "@/lib/top-up-settings/settings"
import { beginTopUp } from "./begin"
import { cancelTopUp, endTopUp, failTopUp, giveUpTopUp } from "./end-top-up"
import { ownFailure } from "./own-failures"
import { findOpenTopUp, type OpenTopUp } from "./store"

type Ctx = { db: Db; now: Date }

/**
 * Tops a pool up if it is due and nothing speaks against it, or continues the top-up under way. Safe to call at any
 * time and concurrently: a pool has one top-up at a time, and each is charged once. Throws `UnavailableError` while
 * Stripe can't tell its outcome; it stays open then, and nothing else is charged.
 */
export async function topUpPool(ctx: Ctx, ref: PoolRef): Promise<void> {
  const topUp =
    (await findOpenTopUp(queryIn(ctx.db), ref)) ??
    (await ctx.db.$transaction((tx) => beginTopUp(tx, ref, ctx.now)))
  if (topUp) await settleTopUp(ctx, topUp)
}

/** Takes one top-up as far as it can go now: written down at Stripe, then confirmed, then recorded by Stripe's answer. */
export async function settleTopUp(ctx: Ctx, topUp: OpenTopUp): Promise<void> {
  const paymentIntentId = topUp.paymentIntentId ?? (await writeDownAtStripe(ctx, topUp))
  if (paymentIntentId === null) return
  let state = await readState(paymentIntentId)
  if (state.status === "unconfirmed") {
    if (!(await isStillWanted(ctx, topUp))) return cancelTopUp(ctx, topUp, paymentIntentId)
    const asked = await confirmTopUpPayment(paymentIntentId)
    state = await readState(paymentIntentId)
    // Nobody confirms it any more, so no money can move even if Stripe refuses to cancel it.
    if (state.status === "unconfirmed" && asked.kind === "our_mistake")
      return giveUpTopUp(ctx, topUp, paymentIntentId)
    if (state.status === "unconfirmed" && asked.kind === "refused")
      state = { status: "declined", failure: ownFailure(asked.reason) }
  }
  await record(ctx, topUp, paymentIntentId, state)
}

// Null when it ended here.
async function writeDownAtStripe(ctx: Ctx, topUp: OpenTopUp): Promise<string | null> {
  if (!(await isStillWanted(ctx, topUp))) {
    await moveForward(ctx, topUp, { status: "cancelled" })
    return null
  }
  const customerId = await findStripeCustomer(ctx.db, topUp.teamId)
  if (customerId === null) {
    await failTopUp(ctx, topUp, ownFailure("customer_missing"))
    return null
  }
  const created = await createTopUpPayment({
    purchaseId: topUp.purchaseId,
    customerId,
    paymentMethodId: topUp.paymentMethodId,
    amountNanos: topUp.amountNanos,
    description: `${formatUsd(topUp.amountNanos)} of credits, auto top-up`,
    receiptEmail:
      (await getBillingEmail(ctx.db, topUp.teamId)) ?? (await getOwnerEmail(ctx.db, topUp.teamId)),
  })
  if (created.kind === "refused" || created.kind === "our_mistake") {
    await failTopUp(ctx, topUp, ownFailure(created.kind === "refused" ? created.reason : "not_accepted"))
    return null
  }
  const { paymentIntentId } = requireAnswer(created)
  return keepPaymentId(ctx, topUp, paymentIntentId)
}

// The first one wins: two concurrent runs have made two payments, and only the one that is kept is ever confirmed.
async function keepPaymentId(ctx: Ctx, topUp: OpenTopUp, paymentIntentId: string): Promise<string | null> {
  return ctx.db.$transaction(async (tx) => {
    const purchase = await lockPurchase(tx, topUp)
    if (!purchase) throw new Error("A top-up vanished while its payment was made")
    if (purchase.paymentIntentId) return purchase.paymentIntentId
    return (await advancePurchase(tx, purchase, { status: "open", paymentIntentId }, ctx.now))
      ? paymentIntentId
      : null
  })
}

async function readState(paymentIntentId: string): Promise<TopUpPaymentState> {
  const found = requireAnswer(await readTopUpPayment(paymentIntentId))
  // Happens under a wrong key or a restored database, for instance. Nothing else is charged until somebody looks.
  if (found.kind === "missing") throw new Error(`Stripe has no ${paymentIntentId}`)
  return found.state
}

// The last check before money can move. None moves if it was turned off or paused, is no longer due, its card was
// suspended, the plan is unpaid, or it was left for a day.
async function isStillWanted({ db, now }: Ctx, topUp: OpenTopUp): Promise<boolean> {
  const { teamId, poolId, purchaseId, createdAt } = topUp
  if (now.getTime() - createdAt.getTime() >= DAY_MS) return false
  const wanted = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM auto_top_up_settings s JOIN pools p ON p.team_id = s.team_id AND p.id = s.pool_id
    JOIN purchases o ON o.team_id = s.team_id AND o.id = ${purchaseId}::uuid
    WHERE s.team_id = ${teamId}::uuid AND s.pool_id = ${poolId}::uuid AND s.enabled AND s.paused_at IS NULL
      AND p.withheld_nanos = 0 AND (s.suspended_at IS NULL OR s.failed_fingerprint IS DISTINCT FROM o.card_fingerprint)
      AND top_up_is_wanted(s, pool_available(p))`
  return wanted.length > 0
}

async function record(
  ctx: Ctx,
  topUp: OpenTopUp,
  paymentIntentId: string,
  state: TopUpPaymentState,
): Promise<void> {
  switch (state.status) {
    case "paid":
      await fulfilPurchase(ctx, topUp, state.payment)
      return
    case "processing":
      await moveForward(ctx, topUp, { status: "processing" })
      return
    case "needs_authentication":
      if (ctx.now < topUp.expiresAt) await waitForPerson(ctx, topUp)
      else await endTopUp(ctx, topUp, paymentIntentId, ownFailure("authentication_expired"))
      return
    case "declined":
      await endTopUp(ctx, topUp, paymentIntentId, state.failure)
      return
    case "without_method":
      await endTopUp(ctx, topUp, paymentIntentId, ownFailure("payment_method_missing"))
      return
    case "canceled":
      await failTopUp(ctx, topUp, ownFailure("canceled"))
      return
    case "unconfirmed":
      throw new UnavailableError("Stripe didn’t take the confirmation.")
  }
}

async function waitForPerson({ db, now }: Ctx, topUp: OpenTopUp): Promise<void> {
  const { teamId, poolId, purchaseId, amountNanos, expiresAt } = topUp
  await db.$transaction(async (tx) => {
    const { count } = await tx.purchase.updateMany({
      where: { teamId, id: purchaseId, status: "open", needsAuthentication: false },
      data: { needsAuthentication: true },
    })
    if (count === 0) return
    const data = {
      amount: toDecimalString(amountNanos),
      purchase_id: toPublicId("pur", purchaseId),
      expires_at: expiresAt.toISOString(),
    }
    const type = "credit_payment_action_required"
    await raise(queryIn(tx), { teamId, poolId, type, cause: purchaseId, data }, now)
  })
}
