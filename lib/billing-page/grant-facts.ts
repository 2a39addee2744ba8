import type { Db } from "@/lib/db/client"
import type { EntryKind } from "@/lib/db/generated/enums"
import { toPublicId } from "@/lib/ids"
import type { PoolRef, Transaction } from "@/lib/ledger/transactions"

/** A grant, on the page of the transaction that gave its credits. */
export type GrantFacts = {
  remainingNanos: bigint
  spentNanos: bigint
  expiresAt: Date | null
  /** Usage that it paid for, the dearest first. Together less than `spentNanos` where some lies too far away. */
  spentOn: { consumable: string; records: number; amountNanos: bigint }[]
}

/** A payment, on the pages of all that it caused: the purchase, its refunds and its disputes. */
export type PaymentFacts = {
  /** `pur_…` */
  reference: string
  paymentIntentId: string | null
  receiptUrl: string | null
  /** Null for a top-up, which nobody asked for at that moment. */
  requestedBy: string | null
  /** Every transaction of it, oldest first. */
  parts: { seq: bigint; kind: EntryKind; amountNanos: bigint }[]
}

/** How many entries are looked at from either end for what a grant paid. No index names an entry's grant. */
const MOST_LOOKED_AT = 5_000

type GrantRow = Omit<GrantFacts, "spentOn"> & {
  spentOn: [consumable: string, records: number, nanos: string][] | null
}

/** Returns the grant that a transaction gave, and what it was spent on. Null if it gave none. One statement. */
export async function getGrantFacts(
  db: Db,
  pool: PoolRef,
  { seq, causeId, amountNanos }: Pick<Transaction, "seq" | "causeId" | "amountNanos">,
): Promise<GrantFacts | null> {
  if (causeId === null || amountNanos <= 0n) return null
  const [row] = await db.$queryRaw<GrantRow[]>`
    SELECT g.remaining_nanos AS "remainingNanos", g.original_nanos - g.remaining_nanos AS "spentNanos",
      g.expires_at AS "expiresAt", (
        SELECT json_agg(json_build_array(s.consumable, s.records, s.nanos::text) ORDER BY s.nanos DESC, s.consumable) FROM (
          SELECT m.consumable, count(*) AS records, -sum(x.amount_nanos)::bigint AS nanos
          FROM (
            (SELECT e.seq, e.amount_nanos, e.meter_no, e.grant_no FROM entries e
             WHERE e.team_id = g.team_id AND e.pool_no = ${pool.no} AND e.bucket = 'credits' AND e.seq > ${seq}
             ORDER BY e.seq LIMIT ${MOST_LOOKED_AT})
            UNION
            (SELECT e.seq, e.amount_nanos, e.meter_no, e.grant_no FROM entries e
             WHERE e.team_id = g.team_id AND e.pool_no = ${pool.no} AND e.bucket = 'credits' AND e.seq > ${seq}
             ORDER BY e.seq DESC LIMIT ${MOST_LOOKED_AT})
          ) x JOIN meters m ON m.team_id = g.team_id AND m.no = x.meter_no
          WHERE x.grant_no = g.no
          GROUP BY m.consumable
        ) s
      ) AS "spentOn"
    FROM grants g
    WHERE g.team_id = ${pool.teamId}::uuid AND g.pool_id = ${pool.id}::uuid AND g.cause_id = ${causeId}::uuid
      AND g.kind <> 'included'
    LIMIT 1`
  if (!row) return null
  return {
    ...row,
    spentOn: (row.spentOn ?? []).map(([consumable, records, nanos]) => ({
      consumable,
      records,
      amountNanos: BigInt(nanos),
    })),
  }
}

type PaymentRow = Omit<PaymentFacts, "reference" | "parts"> & {
  purchaseId: string
  parts: [seq: string, kind: EntryKind, nanos: string][]
}

/** Returns the payment behind a purchase, a refund or a dispute, whose cause it is. Null for all else. */
export async function getPaymentFacts(db: Db, pool: PoolRef, causeId: string): Promise<PaymentFacts | null> {
  const [row] = await db.$queryRaw<PaymentRow[]>`
    SELECT p.id AS "purchaseId", p.payment_intent_id AS "paymentIntentId", p.receipt_url AS "receiptUrl",
      CASE WHEN p.kind <> 'auto_top_up' THEN coalesce(u.name, u.email, 'Former member') END AS "requestedBy", (
        SELECT coalesce(json_agg(json_build_array(e.seq::text, e.kind, e.amount_nanos::text) ORDER BY e.seq), '[]')
        FROM (
          SELECT p.id UNION ALL SELECT c.id FROM clawbacks c WHERE c.team_id = p.team_id AND c.purchase_id = p.id
        ) cause (id)
        JOIN entries e ON e.team_id = p.team_id AND e.cause_id = cause.id AND e.bucket = 'credits' AND e.pool_no = ${pool.no}
      ) AS parts
    FROM purchases p
    LEFT JOIN members m ON m.team_id = p.team_id AND m.id = p.requested_by_member_id LEFT JOIN users u ON u.id = m.user_id
    WHERE p.team_id = ${pool.teamId}::uuid AND p.pool_id = ${pool.id}::uuid AND p.id = coalesce(
      (SELECT c.purchase_id FROM clawbacks c WHERE c.team_id = ${pool.teamId}::uuid AND c.id = ${causeId}::uuid),
      ${causeId}::uuid)`
  if (!row) return null
  const { purchaseId, parts, ...rest } = row
  return {
    ...rest,
    reference: toPublicId("pur", purchaseId),
    parts: parts.map(([seq, kind, nanos]) => ({ seq: BigInt(seq), kind, amountNanos: BigInt(nanos) })),
  }
}
