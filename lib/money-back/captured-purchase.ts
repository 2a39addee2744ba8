import type { Tx } from "@/lib/db/client"
import type { PurchaseKind } from "@/lib/db/generated/enums"

/** The purchase of a captured payment. The caller that settles its clawbacks has locked it. */
export type CapturedPurchase = {
  teamId: string
  id: string
  poolId: string
  kind: PurchaseKind
  /** The part that became credits. */
  capturedNanos: bigint
  /** Including tax. */
  paidNanos: bigint
  paymentIntentId: string
  settledAt: Date
}

/**
 * Lets one transaction at a time deal with a payment. Always taken before the purchase's lock: the payment's credit and its
 * refunds may come at once, before either is written where the other would look.
 */
export async function lockPayment(tx: Tx, paymentIntentId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${paymentIntentId}, 0))`
}

type NotCaptured = { capturedNanos: null }

/** Returns the team's purchase that this payment was credited for, locked until the transaction ends, or null. */
export async function lockCapturedPurchase(
  tx: Tx,
  teamId: string,
  paymentIntentId: string,
): Promise<CapturedPurchase | null> {
  const [purchase] = await tx.$queryRaw<(CapturedPurchase | NotCaptured)[]>`
    SELECT team_id AS "teamId", id, pool_id AS "poolId", kind::text, captured_nanos AS "capturedNanos",
      coalesce(paid_nanos, captured_nanos) AS "paidNanos", payment_intent_id AS "paymentIntentId", settled_at AS "settledAt"
    FROM purchases WHERE team_id = ${teamId}::uuid AND payment_intent_id = ${paymentIntentId} FOR UPDATE`
  return purchase && purchase.capturedNanos !== null ? purchase : null
}
