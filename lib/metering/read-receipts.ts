import type { Query, Statement } from "@/lib/db/query"
import type { Receipt } from "./plan-spends"

export type KnownRecord = { print: number; receipt: Receipt }

// For each record: its rows, which follow one another in the pool, and both buckets' balances after the last of them.
const READ_RECEIPTS: Statement = {
  name: "metering_read_receipts",
  text: `SELECT f.usage_key, f.usage_print, coalesce(f.allowance_quantity, 0) AS allowance_quantity, coalesce(f.held_nanos, 0) AS held_nanos,
      drawn.cost_nanos, drawn.included_nanos, drawn.promotion_nanos,
      (SELECT e.balance_after_nanos FROM entries e WHERE e.team_id = f.team_id AND e.pool_no = f.pool_no AND e.bucket = 'credits'
        AND e.seq < f.seq + coalesce(f.pieces, 1) ORDER BY e.seq DESC LIMIT 1) AS balance_nanos,
      (SELECT e.balance_after_nanos FROM entries e WHERE e.team_id = f.team_id AND e.pool_no = f.pool_no AND e.bucket = 'included'
        AND e.seq < f.seq + coalesce(f.pieces, 1) ORDER BY e.seq DESC LIMIT 1) AS included_left_nanos
    FROM entries f JOIN pools p ON p.team_id = f.team_id AND p.no = f.pool_no
    CROSS JOIN LATERAL (
      SELECT -sum(e.amount_nanos) AS cost_nanos,
        coalesce(-sum(e.amount_nanos) FILTER (WHERE e.bucket = 'included'), 0) AS included_nanos,
        coalesce(-sum(e.amount_nanos) FILTER (WHERE g.kind = 'promotion'), 0) AS promotion_nanos
      FROM entries e LEFT JOIN grants g ON g.team_id = e.team_id AND g.pool_id = p.id AND g.no = e.grant_no
      WHERE e.team_id = f.team_id AND e.pool_no = f.pool_no AND e.bucket IN ('included', 'credits')
        AND e.seq >= f.seq AND e.seq < f.seq + coalesce(f.pieces, 1)
    ) drawn
    WHERE f.team_id = $1::uuid AND f.usage_key = ANY ($2::text::bigint[])`,
}

type Row = Record<
  "usage_key" | "allowance_quantity" | "held_nanos" | "cost_nanos" | "included_nanos" | "promotion_nanos",
  bigint | string
> & {
  usage_print: number
  balance_nanos: bigint | string | null
  included_left_nanos: bigint | string | null
}

/** Returns the first answers to these keys of the team. Keys that were never used are missing. */
export async function readReceipts(
  query: Query,
  teamId: string,
  keys: bigint[],
): Promise<Map<bigint, KnownRecord>> {
  const rows = await query<Row>(READ_RECEIPTS, [teamId, `{${keys.join(",")}}`])
  return new Map(
    rows.map((row) => [BigInt(row.usage_key), { print: row.usage_print, receipt: toReceipt(row) }]),
  )
}

function toReceipt(row: Row): Receipt {
  const costNanos = BigInt(row.cost_nanos)
  const includedNanos = BigInt(row.included_nanos)
  const promotionNanos = BigInt(row.promotion_nanos)
  const balanceNanos = BigInt(row.balance_nanos ?? 0)
  return {
    costNanos,
    allowanceQuantity: BigInt(row.allowance_quantity),
    includedNanos,
    promotionNanos,
    creditsNanos: costNanos - includedNanos - promotionNanos,
    balanceNanos,
    availableNanos: balanceNanos + BigInt(row.included_left_nanos ?? 0) - BigInt(row.held_nanos),
    shortfallNanos: 0n,
  }
}
