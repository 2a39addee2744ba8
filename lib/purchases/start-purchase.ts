import type { MemberActor } from "@/lib/audit/actor"
import { recordEvent } from "@/lib/audit/record-event"
import { MINUTE_MS } from "@/lib/clock"
import { getBillingEmail } from "@/lib/customers/billing-details"
import { requireStripeCustomer, retireStripeCustomer } from "@/lib/customers/stripe-customer"
import type { Db, Tx } from "@/lib/db/client"
import { ConflictError, NotFoundError } from "@/lib/errors"
import { newId, toPublicId } from "@/lib/ids"
import { formatUsd } from "@/lib/money/usd"
import { getPoolInWords, isLeftBehind } from "@/lib/pools/queries"
import { takeCheckoutAttempt } from "@/lib/rate-limits/take-checkout-attempt"
import { type CheckoutRequest, openCheckout } from "@/lib/stripe/gateway"
import { answerForReader } from "@/lib/stripe/outcome"
import { requirePermission } from "@/lib/teams/require-permission"
import { advancePurchase } from "./advance-purchase"
import { lockPurchase, type StoredPurchase } from "./find-purchase"
import { scheduleSettling } from "./schedule-settling"
import type { PurchaseRequest, StartedPurchase } from "./schema"
import { findByRequestKey, insertPurchase } from "./store"
import { subjectOf } from "./subject-of"

/** Stripe wants at least 30 minutes. A little more absorbs the difference between clocks. */
const CHECKOUT_LIFETIME_MS = 45 * MINUTE_MS
/** By then the checkout has ended at Stripe too, so that its answer is final. */
const SETTLE_DELAY_MS = 2 * MINUTE_MS

const NOBODY_DRAWS =
  "The person whose pool this is has left the team, so nobody draws from it. Buy credits for another pool."
const NOTHING_CHARGED = "Nothing was charged."
const WHY_NOT_OPENED = {
  unavailable: "Stripe could not be reached.",
  our_mistake: "Something in our payment setup is wrong. It isn’t about your card.",
  customer_missing: "Stripe no longer knows this customer.",
}

export type PurchaseCtx = {
  db: Db
  now: Date
  appUrl: string
  team: { id: string; slug: string; name: string }
  actor: MemberActor
}

/**
 * Records a purchase and opens its checkout at Stripe. The same request key with the same amount and pool returns the same
 * checkout; with another amount or pool it throws `ConflictError`, as for the pool of somebody who has left. No money moves before a person pays in the checkout. If
 * Stripe can't be reached or refuses, it throws `UnavailableError`, and this purchase can't be paid any more.
 */
export async function startPurchase(ctx: PurchaseCtx, input: PurchaseRequest): Promise<StartedPurchase> {
  const purchase = await ctx.db.$transaction((tx) => recordRequest(tx, ctx, input))
  if (purchase.status !== "created" && purchase.status !== "open")
    throw new ConflictError("This checkout has ended. Close it and start again.")

  const outcome = await openForTeam(ctx, {
    purchaseId: purchase.id,
    amountNanos: purchase.amountNanos,
    // Contains nothing that may change before a repeated request: Stripe refuses a repeated key with another body.
    description: `${formatUsd(purchase.amountNanos)} of credits`,
    receiptEmail: (await getBillingEmail(ctx.db, ctx.team.id)) ?? ctx.actor.email,
    returnUrl: `${ctx.appUrl}/${ctx.team.slug}/settings/account/billing/return?session_id={CHECKOUT_SESSION_ID}`,
    expiresAt: purchase.expiresAt,
  })
  if (outcome.kind !== "opened") {
    await recordFailure(ctx, purchase, WHY_NOT_OPENED[outcome.kind])
    answerForReader(outcome, NOTHING_CHARGED)
    throw new ConflictError("Stripe doesn’t know your team any more. Nothing was charged. Try again.")
  }
  await recordCheckout(ctx, purchase, outcome.sessionId)
  return { purchaseId: toPublicId("pur", purchase.id), clientSecret: outcome.clientSecret }
}

// A customer that is gone at Stripe is replaced once: a team must not be locked out for good.
async function openForTeam(ctx: PurchaseCtx, request: Omit<CheckoutRequest, "customerId">) {
  const team = { ...ctx.team, email: ctx.actor.email }
  const customerId = await requireStripeCustomer(ctx, team)
  const outcome = await openCheckout({ ...request, customerId })
  if (outcome.kind !== "customer_missing") return outcome
  await retireStripeCustomer(ctx, customerId)
  return openCheckout({ ...request, customerId: await requireStripeCustomer(ctx, team) })
}

async function recordRequest(
  tx: Tx,
  { team, actor, now }: PurchaseCtx,
  { amountNanos, poolId, requestKey }: PurchaseRequest,
): Promise<StoredPurchase> {
  await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "credits:purchase")
  const known = await findByRequestKey(tx, team.id, requestKey)
  if (known) return requireSameRequest(known, { amountNanos, poolId, memberId: actor.memberId })

  const pool = await tx.pool.findUnique({
    where: { teamId_id: { teamId: team.id, id: poolId } },
    select: { id: true },
  })
  if (!pool) throw new NotFoundError()
  // Without a lock: what somebody pays while the holder is removed still lands, and is moved like all that comes late.
  if (await isLeftBehind(tx, team.id, poolId)) throw new ConflictError(NOBODY_DRAWS)
  const id = newId()
  const expiresAt = new Date(now.getTime() + CHECKOUT_LIFETIME_MS)
  const inserted = await insertPurchase(tx, {
    teamId: team.id,
    id,
    poolId,
    kind: "one_time",
    amountNanos,
    requestedByMemberId: actor.memberId,
    requestKey,
    createdAt: now,
    expiresAt,
  })
  const purchase = await findByRequestKey(tx, team.id, requestKey)
  if (!purchase) throw new Error("A purchase vanished while it was written")
  if (!inserted) return requireSameRequest(purchase, { amountNanos, poolId, memberId: actor.memberId })
  await recordEvent(
    tx,
    {
      teamId: team.id,
      actor,
      kind: "purchase.started",
      subject: subjectOf({ id, amountNanos }),
      after: { pool: await getPoolInWords(tx, team.id, poolId) },
    },
    now,
  )
  // Only now, because a repeated request is no attempt. A full window undoes the purchase as well.
  await takeCheckoutAttempt(tx, { userId: actor.userId, teamId: team.id, address: actor.address }, now)

  const settleAt = new Date(expiresAt.getTime() + SETTLE_DELAY_MS)
  await scheduleSettling(tx, { teamId: team.id, purchaseId: id }, settleAt)
  return purchase
}

// A checkout is handed out only once its session is recorded. Otherwise nothing but its webhook would find the payment.
async function recordCheckout(
  ctx: PurchaseCtx,
  { teamId, id }: StoredPurchase,
  sessionId: string,
): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const locked = await lockPurchase(tx, { teamId, purchaseId: id })
    if (!locked) throw new Error("A purchase vanished while its checkout was opened")
    const change = { status: "open", checkoutSessionId: sessionId } as const
    const hasMoved = await advancePurchase(tx, locked, change, ctx.now)
    if (!hasMoved && locked.checkoutSessionId !== sessionId)
      throw new ConflictError("This checkout has ended. Close it and start again.")
  })
}

// Unless the same request, sent twice, has opened the checkout meanwhile: it can still be paid.
async function recordFailure(
  ctx: PurchaseCtx,
  { teamId, id }: StoredPurchase,
  failureReason: string,
): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const locked = await lockPurchase(tx, { teamId, purchaseId: id })
    if (locked?.status !== "created") return
    await advancePurchase(tx, locked, { status: "failed", failureReason }, ctx.now)
  })
}

function requireSameRequest(
  known: StoredPurchase,
  asked: { amountNanos: bigint; poolId: string; memberId: string },
): StoredPurchase {
  const isSame =
    known.amountNanos === asked.amountNanos &&
    known.poolId === asked.poolId &&
    known.requestedByMemberId === asked.memberId
  if (!isSame)
    throw new ConflictError("This request was already used for another purchase. Close it and start again.")
  return known
}
