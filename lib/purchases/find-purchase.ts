import type { Db, Tx } from "@/lib/db/client"
import type { PurchaseStatus } from "@/lib/db/generated/enums"
import { NotFoundError } from "@/lib/errors"

export type StoredPurchase = {
  teamId: string
  id: string
  poolId: string
  kind: "one_time" | "auto_top_up"
  status: PurchaseStatus
  amountNanos: bigint
  /** The part that became credits. */
  capturedNanos: bigint | null
  /** With tax. Null: the same. */
  paidNanos: bigint | null
  requestKey: string
  requestedByMemberId: string
  checkoutSessionId: string | null
  paymentIntentId: string | null
  /** The fingerprint of the card that an auto top-up charges. */
  cardFingerprint: string | null
  receiptUrl: string | null
  createdAt: Date
  expiresAt: Date
  settledAt: Date | null
}

export type PurchaseRef = { teamId: string; purchaseId: string }

/** Returns the purchase, locked until the transaction ends, or null. Always taken before the pool's lock. */
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

export function getPurchase(db: Db, { teamId, purchaseId }: PurchaseRef): Promise<StoredPurchase | null> {
  return db.purchase.findUnique({ where: { teamId_id: { teamId, id: purchaseId } } })
}

/** Throws `NotFoundError` unless the team has it. */
export async function requirePurchase(db: Db, ref: PurchaseRef): Promise<StoredPurchase> {
  const purchase = await getPurchase(db, ref)
  if (!purchase) throw new NotFoundError()
  return purchase
}
