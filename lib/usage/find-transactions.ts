import type { Db } from "@/lib/db/client"
import type { EntryKind } from "@/lib/db/generated/enums"
import { type Reference, toReference } from "./reference"

/** A transaction by its pool and by its first entry there, with all that a list needs to say of it. */
export type FoundTransaction = {
  poolId: string
  poolNo: number
  /** The place of its first entry in `credits`, which names it within the pool. */
  seq: bigint
  kind: EntryKind
  detail: string | null
  amountNanos: bigint
  balanceAfterNanos: bigint
  causeId: string | null
  occurredAt: Date
  /** Null where the team has one pool. */
  holder: string | null
}

export const MAX_REFERENCE_LENGTH = 255
/** A payment has one entry, and one for each refund and dispute of it. */
const MOST = 50

/**
 * Finds a team's transactions by a reference: an entry (`ent_…`); a purchase (`pur_…`) or its payment, checkout or
 * invoice at Stripe, each with its refunds and disputes, or one of those alone; a request for credits (`creq_…`); the
 * key that a client gave its usage, or its hold, with its corrections, or a correction (`rev_…`). Usage that only
 * allowances and included credits paid for is no transaction. Newest first, in one statement.
 */
export async function findTransactions(
  db: Db,
  teamId: string,
  reference: string,
): Promise<FoundTransaction[]> {
  const text = reference.trim()
  if (text === "" || text.length > MAX_REFERENCE_LENGTH || text.includes("\0")) return []
  return findReferred(db, teamId, toReference(text))
}

function findReferred(
  db: Db,
  teamId: string,
  { entry, purchaseId, requestId, reversalId, stripeId, usageKeys }: Reference,
): Promise<FoundTransaction[]> {
  // Usage has its key in its first entry. Included credits may have paid that one, and only `credits` has transactions.
  return db.$queryRaw<FoundTransaction[]>`
    WITH bought AS (
      SELECT id FROM purchases WHERE team_id = ${teamId}::uuid AND id = ${purchaseId}::uuid
      UNION SELECT id FROM purchases WHERE team_id = ${teamId}::uuid AND payment_intent_id = ${stripeId}
      UNION SELECT id FROM purchases WHERE team_id = ${teamId}::uuid AND checkout_session_id = ${stripeId}
      UNION SELECT purchase_id FROM invoices WHERE team_id = ${teamId}::uuid AND id = ${stripeId}
    ), claims AS (
      SELECT purchase_id, id FROM refunds WHERE team_id = ${teamId}::uuid AND stripe_refund_id = ${stripeId}
      UNION ALL SELECT purchase_id, id FROM disputes WHERE team_id = ${teamId}::uuid AND stripe_dispute_id = ${stripeId}
    ), causes AS (
      SELECT id FROM bought
      UNION SELECT c.id FROM bought b JOIN clawbacks c ON c.team_id = ${teamId}::uuid AND c.purchase_id = b.id
      UNION SELECT c.id FROM claims m JOIN clawbacks c ON c.team_id = ${teamId}::uuid AND c.purchase_id = m.purchase_id
        AND m.id IN (c.refund_id, c.dispute_id)
      UNION SELECT transfer_id FROM credit_requests WHERE team_id = ${teamId}::uuid AND id = ${requestId}::uuid
      UNION SELECT id FROM usage_reversals WHERE team_id = ${teamId}::uuid AND id = ${reversalId}::uuid
      UNION SELECT id FROM usage_reversals WHERE team_id = ${teamId}::uuid AND usage_key = ANY (${usageKeys}::bigint[])
    ), named AS (
      SELECT e.pool_no, e.seq, e.pieces FROM causes c
      JOIN entries e ON e.team_id = ${teamId}::uuid AND e.cause_id = c.id AND e.bucket = 'credits'
      UNION ALL
      SELECT f.pool_no, f.seq, f.pieces FROM entries f
      WHERE f.team_id = ${teamId}::uuid AND f.usage_key = ANY (${usageKeys}::bigint[])
      UNION ALL
      -- Of a record that several grants paid, each entry leads to its first.
      SELECT x.pool_no, coalesce(r.seq, x.seq), coalesce(r.pieces, x.pieces) FROM entries x
      LEFT JOIN LATERAL (
        SELECT i.seq, i.pieces FROM entries i
        WHERE x.meter_no IS NOT NULL AND x.usage_key IS NULL AND i.team_id = x.team_id AND i.pool_no = x.pool_no
          AND i.bucket IN ('included', 'credits') AND i.seq < x.seq AND i.seq > x.seq - 100 AND i.usage_key IS NOT NULL
        ORDER BY i.seq DESC LIMIT 1
      ) r ON true
      WHERE x.team_id = ${teamId}::uuid AND x.pool_no = ${entry?.poolNo ?? null}::integer
        AND x.bucket IN ('included', 'credits') AND x.seq = ${entry?.seq ?? null}::bigint
    )
    SELECT DISTINCT p.id AS "poolId", e.pool_no AS "poolNo", e.seq, e.kind, coalesce(e.detail, t.consumable) AS detail,
      paid.nanos AS "amountNanos", paid.balance AS "balanceAfterNanos", e.cause_id AS "causeId", e.occurred_at AS "occurredAt",
      e.created_at,
      CASE WHEN EXISTS (SELECT FROM pools o WHERE o.team_id = p.team_id AND o.id <> p.id)
        THEN coalesce(u.name, u.email, 'Former member') END AS holder
    FROM named f
    CROSS JOIN LATERAL (
      SELECT x.* FROM entries x WHERE x.team_id = ${teamId}::uuid AND x.pool_no = f.pool_no AND x.bucket = 'credits'
        AND x.seq BETWEEN f.seq AND f.seq + coalesce(f.pieces, 1) - 1
      ORDER BY x.seq LIMIT 1
    ) e
    CROSS JOIN LATERAL (
      SELECT sum(x.amount_nanos)::bigint AS nanos, (array_agg(x.balance_after_nanos ORDER BY x.seq DESC))[1] AS balance
      FROM entries x WHERE x.team_id = e.team_id AND x.pool_no = e.pool_no
        AND x.bucket = 'credits' AND x.seq BETWEEN f.seq AND f.seq + coalesce(f.pieces, 1) - 1
    ) paid
    JOIN pools p ON p.team_id = e.team_id AND p.no = e.pool_no
    LEFT JOIN meters t ON t.team_id = e.team_id AND t.no = e.meter_no
    LEFT JOIN members m ON m.team_id = p.team_id AND m.id = p.member_id
    LEFT JOIN users u ON u.id = m.user_id
    ORDER BY e.created_at DESC, e.pool_no, e.seq DESC LIMIT ${MOST}`
}
