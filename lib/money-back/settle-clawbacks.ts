import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { newId } from "@/lib/ids"
import { postGiveBack, postTakeBack } from "@/lib/ledger/post-back"
import { alarm } from "@/lib/log"
import { enqueueFall } from "@/lib/queue/enqueue-fall"
import { pauseTopUps } from "@/lib/top-up-settings/pause-top-ups"
import type { CapturedPurchase } from "./captured-purchase"
import { decideMoves } from "./decide-moves"
import {
  adoptWaiting,
  countMoves,
  insertClawback,
  listClaims,
  listClawbackIds,
  type StoredClaim,
} from "./store"
import { tellRefunded } from "./tell-refunded"
import { giveBackInWords, takeBackInWords } from "./words"

type Ctx = { tx: Tx; now: Date }

/**
 * Brings a pool in line with a payment's refunds and disputes: takes credits, returns them, or does nothing. The caller has
 * locked the payment and its purchase, and has written the refund, the dispute or the credit in the same transaction.
 */
export async function settleClawbacks({ tx, now }: Ctx, purchase: CapturedPurchase): Promise<void> {
  const claims = await listClaims(tx, purchase)
  if (claims.length === 0) return
  await adoptWaiting(tx, purchase)
  warnOfTooManyRefunds(purchase, claims)
  const moves = decideMoves(purchase, claims)
  for (const { claim, amountNanos } of moves) {
    const known = claims.find(({ id }) => id === claim.id)
    if (!known) throw new Error("A move is of a claim")
    await move({ tx, now }, purchase, known, amountNanos)
    // Only when it first takes credits: whoever has resumed since knows of it.
    if (known.kind === "dispute" && amountNanos > 0n && (await countMoves(tx, purchase, known.id)) === 1)
      await pauseTopUps(
        tx,
        { teamId: purchase.teamId, poolId: purchase.poolId },
        { disputeId: known.id },
        now,
      )
  }
  if (moves.length > 0) await enqueueFall(queryIn(tx), purchase)
  // After everything has moved, so that each names the balance that is left in the end.
  for (const { claim, amountNanos } of moves)
    if (claim.kind === "refund" && amountNanos > 0n)
      await tellRefunded({ tx, now }, purchase, { claimId: claim.id, amountNanos })
}

async function move(
  { tx, now }: Ctx,
  purchase: CapturedPurchase,
  claim: StoredClaim,
  amountNanos: bigint,
): Promise<void> {
  const { teamId, poolId } = purchase
  const id = newId()
  const told = { kind: claim.kind, purchase, claim }
  const firstFromCauses = [purchase.id, ...(await listClawbackIds(tx, purchase))]
  await insertClawback(tx, purchase, { id, claim, amountNanos })
  if (amountNanos < 0n) {
    await postGiveBack(tx, {
      teamId,
      poolId,
      kind: claim.kind === "refund" ? "adjustment" : "dispute_reversal",
      paidAs: purchase.kind === "auto_top_up" ? "auto_top_up" : "purchase",
      amountNanos: -amountNanos,
      causeId: id,
      occurredAt: now,
      detail: giveBackInWords(told, now),
    })
    return
  }
  await postTakeBack(tx, {
    teamId,
    poolId,
    kind: claim.kind,
    amountNanos,
    causeId: id,
    firstFromCauses,
    occurredAt: happenedAt(claim, purchase, now),
    detail: takeBackInWords(told, amountNanos, now),
    now,
  })
}

// The time at which the money left at Stripe, but never before the credits came, nor in the future by our clock.
function happenedAt(claim: StoredClaim, purchase: CapturedPurchase, now: Date): Date {
  const times = [now.getTime(), Math.max(claim.occurredAt.getTime(), purchase.settledAt.getTime())]
  return new Date(Math.min(...times))
}

function warnOfTooManyRefunds(purchase: CapturedPurchase, claims: StoredClaim[]): void {
  const refunds = claims.filter(({ kind }) => kind === "refund")
  const refundedNanos = refunds.reduce((sum, { claimedNanos }) => sum + claimedNanos, 0n)
  if (refundedNanos > purchase.paidNanos)
    alarm("refunded_more_than_captured", { purchase: purchase.id, payment: purchase.paymentIntentId })
}
