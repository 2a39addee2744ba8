import type { Db } from "@/lib/db/client"
import type { GrantKind } from "@/lib/db/generated/enums"
import type { PoolRef } from "@/lib/ledger/transactions"

/** A reversal, on its own page. */
export type ReversalFacts = {
  consumable: string
  quantity: bigint
  allowanceQuantity: bigint
  /** The record that it corrects. Null where that isn't a transaction. */
  record: { seq: bigint | null; quantity: bigint; occurredAt: Date }
  reason: string
  keyName: string | null
  /** The credits that went back to each grant, in the order in which they did. */
  parts: { grantNo: number; source: GrantKind; amountNanos: bigint }[]
  repaidNanos: bigint
  expiredNanos: bigint
}

type Row = Omit<ReversalFacts, "record" | "parts"> & {
  recordSeq: bigint | null
  recordQuantity: bigint
  occurredAt: Date
  parts: [grantNo: number, source: GrantKind, nanos: string][] | null
}

/** Returns what a reversal gave back, and of which record: of one pool's transaction, whose cause the reversal is. */
export async function getReversalFacts(
  db: Db,
  pool: PoolRef,
  reversalId: string,
): Promise<ReversalFacts | null> {
  const [row] = await db.$queryRaw<Row[]>`
    SELECT m.consumable, r.quantity, r.allowance_quantity AS "allowanceQuantity", r.reason, k.name AS "keyName",
      r.repaid_nanos AS "repaidNanos", r.expired_nanos AS "expiredNanos", f.quantity AS "recordQuantity",
      f.occurred_at AS "occurredAt", (
        SELECT min(e.seq) FROM entries e WHERE e.team_id = f.team_id AND e.pool_no = f.pool_no AND e.bucket = 'credits'
          AND e.seq BETWEEN f.seq AND f.seq + coalesce(f.pieces, 1) - 1) AS "recordSeq", (
        SELECT json_agg(json_build_array(g.no, g.kind, b.amount_nanos::text) ORDER BY g.priority DESC, g.no DESC)
        FROM usage_reversal_parts b JOIN grants g ON g.team_id = b.team_id AND g.pool_id = r.pool_id AND g.no = b.grant_no
        WHERE b.team_id = r.team_id AND b.reversal_id = r.id) AS parts
    FROM usage_reversals r
    JOIN meters m ON m.team_id = r.team_id AND m.no = r.meter_no
    JOIN entries f ON f.team_id = r.team_id AND f.usage_key = r.usage_key
    LEFT JOIN api_keys k ON k.team_id = r.team_id AND k.id = r.api_key_id
    WHERE r.team_id = ${pool.teamId}::uuid AND r.pool_id = ${pool.id}::uuid AND r.id = ${reversalId}::uuid`
  if (!row) return null
  const { recordSeq, recordQuantity, occurredAt, parts, ...rest } = row
  return {
    ...rest,
    record: { seq: recordSeq, quantity: recordQuantity, occurredAt },
    parts: (parts ?? []).map(([grantNo, source, nanos]) => ({ grantNo, source, amountNanos: BigInt(nanos) })),
  }
}
