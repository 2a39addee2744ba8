import type { Tx } from "@/lib/db/client"
import type { CapturedPurchase } from "./captured-purchase"
import type { Claim } from "./decide-moves"

/** A claim with everything that its reader is told. */
export type StoredClaim = Claim & {
  amountNanos: bigint
  status: string
  reason: string | null
  failureReason: string | null
  occurredAt: Date
}

/** Assigns to the purchase the claims that waited for its payment to be credited. */
export async function adoptWaiting(tx: Tx, { teamId, id, paymentIntentId }: CapturedPurchase): Promise<void> {
  await tx.$executeRaw`
    WITH adopted AS (
      UPDATE refunds SET purchase_id = ${id}::uuid
      WHERE team_id = ${teamId}::uuid AND payment_intent_id = ${paymentIntentId} AND purchase_id IS NULL
    )
    UPDATE disputes SET purchase_id = ${id}::uuid
    WHERE team_id = ${teamId}::uuid AND payment_intent_id = ${paymentIntentId} AND purchase_id IS NULL`
}

/** Lists the purchase's refunds, then its disputes, each oldest first, including those that waited for its credit. */
export async function listClaims(
  tx: Tx,
  { teamId, id, paymentIntentId }: CapturedPurchase,
): Promise<StoredClaim[]> {
  const rows = await tx.$queryRaw<StoredClaim[]>`
    WITH moved AS (
      SELECT coalesce(refund_id, dispute_id) AS claim_id, sum(amount_nanos)::bigint AS nanos FROM clawbacks
      WHERE team_id = ${teamId}::uuid AND purchase_id = ${id}::uuid GROUP BY 1
    ),
    claims AS (
      SELECT 'refund' AS kind, id, amount_nanos, status::text, reason, failure_reason, occurred_at,
        CASE WHEN status IN ('failed', 'canceled') THEN 0 ELSE amount_nanos END AS claimed_nanos
      FROM refunds WHERE team_id = ${teamId}::uuid
        AND (purchase_id = ${id}::uuid OR (purchase_id IS NULL AND payment_intent_id = ${paymentIntentId}))
      UNION ALL
      SELECT 'dispute', id, amount_nanos, status::text, reason, NULL, occurred_at,
        CASE WHEN status IN ('open', 'lost') THEN amount_nanos ELSE 0 END
      FROM disputes WHERE team_id = ${teamId}::uuid
        AND (purchase_id = ${id}::uuid OR (purchase_id IS NULL AND payment_intent_id = ${paymentIntentId}))
    )
    SELECT c.kind, c.id, c.amount_nanos AS "amountNanos", c.status, c.reason, c.failure_reason AS "failureReason",
      c.occurred_at AS "occurredAt", c.claimed_nanos AS "claimedNanos", coalesce(m.nanos, 0) AS "takenNanos"
    FROM claims c LEFT JOIN moved m ON m.claim_id = c.id
    ORDER BY c.kind DESC, c.occurred_at, c.id`
  return rows
}

export async function listClawbackIds(tx: Tx, { teamId, id }: CapturedPurchase): Promise<string[]> {
  const rows = await tx.clawback.findMany({ where: { teamId, purchaseId: id }, select: { id: true } })
  return rows.map((row) => row.id)
}

/** Counts how often a dispute has moved credits of the pool. */
export function countMoves(tx: Tx, { teamId }: CapturedPurchase, disputeId: string): Promise<number> {
  return tx.clawback.count({ where: { teamId, disputeId } })
}

/** Writes the cause of an entry. The entry belongs in the same transaction. */
export async function insertClawback(
  tx: Tx,
  { teamId, id: purchaseId }: CapturedPurchase,
  clawback: { id: string; claim: Claim; amountNanos: bigint },
): Promise<void> {
  const { id, claim, amountNanos } = clawback
  const of = claim.kind === "refund" ? { refundId: claim.id } : { disputeId: claim.id }
  await tx.clawback.create({ data: { teamId, id, purchaseId, amountNanos, ...of } })
}
