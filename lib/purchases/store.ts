import type { Tx } from "@/lib/db/client"
import type { PurchaseStatus } from "@/lib/db/generated/enums"
import { queryIn } from "@/lib/db/query"

import { announce } from "@/lib/live/announce"
import { tellFailed } from "./tell-outcome"

export type StoredPurchase = {
  teamId: string
  id: string
  poolId: string
  kind: "one_time" | "auto_top_up"
  status: PurchaseStatus
  amountNanos: bigint
  /** What became credits. */
  capturedNanos: bigint | null
  /** What was paid, with tax; null: the same. */
  paidNanos: bigint | null
  requestKey: string
  requestedByMemberId: string
  checkoutSessionId: string | null
  paymentIntentId: string | null
  /** Of the card that an auto top-up charges. */
  cardFingerprint: string | null
  receiptUrl: string | null
  createdAt: Date
  expiresAt: Date
  settledAt: Date | null
}

export type PurchaseRef = { teamId: string; purchaseId: string }

/** The purchase, locked until the transaction ends, or null. Taken before the pool's lock, always. */
export async function lockPurchase(
  tx: Tx,
  { teamId, purchaseId }: PurchaseRef,
): Promise<StoredPurchase | null> {
  const [purchase] = await tx.$queryRaw<StoredPurchase[]>`
    SELECT team_id AS "teamId", id, pool_id AS "poolId", kind::text, status::text, amount_nanos AS "amountNanos",
      captured_nanos AS "capturedNanos", paid_nanos AS "paidNanos", request_key AS "requestKey", requested_by_member_id AS "requestedByMemberId",
      checkout_session_id AS "checkoutSessionId", payment_intent_id AS "paymentIntentId",
      card_fingerprint AS "cardFingerprint", receipt_url AS "receiptUrl", created_at AS "createdAt", expires_at AS "expiresAt", settled_at AS "settledAt"
    FROM purchases WHERE team_id = ${teamId}::uuid AND id = ${purchaseId}::uuid FOR UPDATE`
  return purchase ?? null
}

export async function findByRequestKey(
  tx: Tx,
  teamId: string,
  requestKey: string,
): Promise<StoredPurchase | null> {
  return tx.purchase.findUnique({ where: { teamId_requestKey: { teamId, requestKey } } })
}

export type NewPurchase = Pick<
  StoredPurchase,
  | "teamId"
  | "id"
  | "poolId"
  | "kind"
  | "amountNanos"
  | "requestedByMemberId"
  | "requestKey"
  | "createdAt"
  | "expiresAt"
>

/** Writes the purchase. False, and nothing written, if its request key is taken. */
export async function insertPurchase(tx: Tx, purchase: NewPurchase): Promise<boolean> {
  const { count } = await tx.purchase.createMany({ data: [purchase], skipDuplicates: true })
  return count === 1
}

// How far along a purchase is. An event may arrive late or twice; it never takes a purchase back.
const RANK: Record<PurchaseStatus, number> = {
  created: 0,
  open: 1,
  processing: 2,
  expired: 3,
  cancelled: 3,
  failed: 3,
  succeeded: 4,
}

export type StatusChange = {
  status: Exclude<PurchaseStatus, "succeeded" | "created">
  checkoutSessionId?: string
  paymentIntentId?: string
  failureReason?: string
  /** How Stripe names it. */
  failureCode?: string
}

/** Moves a locked purchase forward; a change that would take it back is dropped. Answers whether it moved. */
export async function advancePurchase(
  tx: Tx,
  purchase: StoredPurchase,
  change: StatusChange,
  now: Date,
): Promise<boolean> {
  // Stripe may report the checkout that we have just ended before we have written that down.
  const isOurEnding = purchase.status === "expired" && change.status === "cancelled"
  if (RANK[change.status] <= RANK[purchase.status] && !isOurEnding) return false
  const hasEnded = RANK[change.status] === 3
  await tx.purchase.update({
    where: { teamId_id: { teamId: purchase.teamId, id: purchase.id } },
    data: { ...change, ...(hasEnded ? { settledAt: now } : {}) },
  })
  // An auto top-up’s failure is told by whoever knows whether it is tried again.
  if (change.status === "failed" && purchase.kind === "one_time")
    await tellFailed(tx, purchase, { reason: change.failureReason ?? null, retryAt: null }, now)
  else await announce(queryIn(tx), purchase.teamId)
  return true
}

export type Capture = {
  paymentIntentId: string
  capturedNanos: bigint
  paidNanos: bigint | null
  receiptUrl: string | null
}

/** Records that Stripe captured the payment of a locked purchase. The ledger entry belongs in the same transaction. */
export async function markSucceeded(
  tx: Tx,
  purchase: StoredPurchase,
  capture: Capture,
  now: Date,
): Promise<void> {
  await tx.purchase.update({
    where: { teamId_id: { teamId: purchase.teamId, id: purchase.id } },
    data: { ...capture, status: "succeeded", settledAt: now, failureReason: null },
  })
}

/** Once a payment; a second report of it changes nothing. */
export async function insertParked(
  tx: Tx,
  parked: {
    paymentIntentId: string
    teamId: string | null
    amountMinor: bigint
    currency: string
    reason: string
  },
): Promise<void> {
  await tx.parkedPayment.createMany({ data: [parked], skipDuplicates: true })
}
