import type { Db } from "@/lib/db/client"
import { newId } from "@/lib/ids"
import { postCredit } from "@/lib/ledger/post"
import { NANOS_PER_CENT } from "@/lib/money/usd"
import { applyDispute } from "@/lib/money-back/apply-dispute"
import { applyRefund } from "@/lib/money-back/apply-refund"
import type { DisputeRead } from "@/lib/stripe/read-dispute"
import { takeReadNumber } from "@/lib/stripe/read-number"
import type { RefundRead } from "@/lib/stripe/read-refunds"
import { consume, readPool, type TestPool } from "./ledger"

export type TestPayment = { teamId: string; poolId: string; purchaseId: string; paymentIntentId: string }

/** Gives a pool credits as a payment does, without Stripe. */
export async function buy(
  db: Db,
  { teamId, poolId }: TestPool,
  amountNanos: bigint,
  {
    kind = "one_time",
    settledAt: now = new Date(),
    taxNanos = 0n,
  }: { kind?: "one_time" | "auto_top_up"; settledAt?: Date; taxNanos?: bigint } = {},
): Promise<TestPayment> {
  const id = newId()
  const paymentIntentId = `pi_test_${id}`
  const requester = await db.member.findFirstOrThrow({ where: { teamId } })
  await db.$transaction(async (tx) => {
    await tx.purchase.create({
      data: {
        teamId,
        poolId,
        id,
        kind,
        ...(kind === "auto_top_up" ? { dueCause: "usage" } : {}),
        status: "succeeded",
        amountNanos,
        capturedNanos: amountNanos,
        paidNanos: amountNanos + taxNanos,
        requestedByMemberId: requester.id,
        requestKey: id,
        paymentIntentId,
        expiresAt: now,
        settledAt: now,
      },
    })
    const source = kind === "one_time" ? "purchase" : "auto_top_up"
    await postCredit(tx, { teamId, poolId, source, amountNanos, causeId: id, occurredAt: now })
  })
  return { teamId, poolId, purchaseId: id, paymentIntentId }
}

/** Returns the team's customer at Stripe, invented if it has none. */
export async function customerOf(db: Db, teamId: string): Promise<string> {
  const known = await db.stripeCustomer.findFirst({ where: { teamId } })
  if (known) return known.id
  const id = `cus_test_${teamId}`
  await db.stripeCustomer.createMany({ data: [{ id, teamId }], skipDuplicates: true })
  return id
}

/** Builds a refund as read at Stripe. */
export async function refundOf(
  db: Db,
  payment: TestPayment,
  amountNanos: bigint,
  more: Partial<RefundRead> = {},
): Promise<RefundRead> {
  return {
    stripeRefundId: `re_test_${newId()}`,
    paymentIntentId: payment.paymentIntentId,
    customerId: await customerOf(db, payment.teamId),
    amountNanos,
    status: "succeeded",
    reason: "requested_by_customer",
    failureReason: null,
    occurredAt: new Date(),
    ...more,
  }
}

/** Builds a dispute as read at Stripe. */
export async function disputeOf(
  db: Db,
  payment: TestPayment,
  amountNanos: bigint,
  more: Partial<DisputeRead> = {},
): Promise<DisputeRead> {
  return {
    stripeDisputeId: `dp_test_${newId()}`,
    paymentIntentId: payment.paymentIntentId,
    customerId: await customerOf(db, payment.teamId),
    amountNanos,
    status: "open",
    reason: "fraudulent",
    occurredAt: new Date(),
    ...more,
  }
}

/** Applies a refund that has just been read, as the event's handler does. */
export async function report(db: Db, refund: RefundRead, now = new Date()) {
  return applyRefund({ db, now }, { refund, readNo: await takeReadNumber(db) })
}

export async function reportDispute(db: Db, dispute: DisputeRead, now = new Date()) {
  return applyDispute({ db, now }, { dispute, readNo: await takeReadNumber(db) })
}

/** Buys credits, spends them and everything before, and refunds them, which leaves a debt. */
export async function fallIntoDebt(db: Db, pool: TestPool, debtNanos: bigint): Promise<TestPayment> {
  const { creditsNanos, includedNanos } = await readPool(db, pool)
  const spentNanos = creditsNanos + debtNanos
  const boughtNanos = ((spentNanos + NANOS_PER_CENT - 1n) / NANOS_PER_CENT) * NANOS_PER_CENT
  const payment = await buy(db, pool, boughtNanos)
  // Usage draws the plan's included credits first.
  await consume(db, pool, includedNanos + spentNanos)
  await report(db, await refundOf(db, payment, boughtNanos))
  return payment
}
