import type { Query, Statement } from "@/lib/db/query"

/** A usage record as its reversal needs it. */
export type ReversibleRecord = {
  usageKey: bigint
  poolId: string
  consumable: string
  /** As reported, and how much of it wasn't reversed yet. */
  quantity: bigint
  leftQuantity: bigint
  /** When it was written, whenever it happened. */
  createdAt: Date
}

/** A usage record that was taken back, or a part of it, with what the pool had afterwards. */
export type UsageReversal = {
  id: string
  usageKey: bigint
  consumable: string
  requestPrint: string
  quantity: bigint
  leftQuantity: bigint
  allowanceQuantity: bigint
  /** The units among them that nobody can use now: their period is over, or isn't paid. */
  allowanceExpired: bigint
  includedNanos: bigint
  promotionNanos: bigint
  /** Bought credits. */
  creditsNanos: bigint
  repaidNanos: bigint
  expiredNanos: bigint
  balanceNanos: bigint
  availableNanos: bigint
  createdAt: Date
}

type Numbers<Name extends string> = Record<Name, bigint | string>

type RecordRow = Numbers<"usage_key" | "quantity" | "left_quantity"> & {
  pool_id: string
  consumable: string
  created_at: Date
}

const FIND_RECORD: Statement = {
  name: "reversals_record",
  text: `SELECT e.usage_key, p.id AS pool_id, m.consumable, e.quantity, e.created_at, coalesce((
      SELECT min(r.quantity_before - r.quantity) FROM usage_reversals r WHERE r.team_id = e.team_id AND r.usage_key = e.usage_key
    ), e.quantity) AS left_quantity
    FROM entries e JOIN pools p ON p.team_id = e.team_id AND p.no = e.pool_no
    JOIN meters m ON m.team_id = e.team_id AND m.no = e.meter_no
    WHERE e.team_id = $1::uuid AND e.usage_key = $2::bigint`,
}

/** Returns the team's usage record of a key. Null if nothing was reported under it. */
export async function findReversibleRecord(
  query: Query,
  teamId: string,
  usageKey: bigint,
): Promise<ReversibleRecord | null> {
  const [row] = await query<RecordRow>(FIND_RECORD, [teamId, usageKey])
  if (!row) return null
  return {
    usageKey: BigInt(row.usage_key),
    poolId: row.pool_id,
    consumable: row.consumable,
    quantity: BigInt(row.quantity),
    leftQuantity: BigInt(row.left_quantity),
    createdAt: row.created_at,
  }
}

type Row = Numbers<
  | "usage_key"
  | "quantity"
  | "quantity_before"
  | "allowance_quantity"
  | "allowance_expired"
  | "included_nanos"
  | "promotion_nanos"
  | "credits_nanos"
  | "repaid_nanos"
  | "expired_nanos"
  | "balance_nanos"
  | "available_nanos"
> & { id: string; consumable: string; request_print: string; created_at: Date }

const FIND_REVERSAL: Statement = {
  name: "reversals_find",
  text: `SELECT r.id, r.usage_key, m.consumable, r.request_print, r.quantity, r.quantity_before, r.allowance_quantity,
      r.allowance_expired, r.included_nanos, r.credits_nanos, r.repaid_nanos, r.expired_nanos, r.balance_nanos, r.available_nanos,
      r.created_at, (
        SELECT coalesce(sum(b.amount_nanos), 0)::bigint FROM usage_reversal_parts b
        JOIN grants g ON g.team_id = b.team_id AND g.pool_id = r.pool_id AND g.no = b.grant_no AND g.kind = 'promotion'
        WHERE b.team_id = r.team_id AND b.reversal_id = r.id) AS promotion_nanos
    FROM usage_reversals r JOIN meters m ON m.team_id = r.team_id AND m.no = r.meter_no
    WHERE r.team_id = $1::uuid AND r.request_key = $2`,
}

/** Returns the reversal that a request made. Null if the request key wasn't used for one. */
export async function findReversal(
  query: Query,
  teamId: string,
  requestKey: string,
): Promise<UsageReversal | null> {
  const [row] = await query<Row>(FIND_REVERSAL, [teamId, requestKey])
  if (!row) return null
  const promotionNanos = BigInt(row.promotion_nanos)
  return {
    id: row.id,
    usageKey: BigInt(row.usage_key),
    consumable: row.consumable,
    requestPrint: row.request_print,
    quantity: BigInt(row.quantity),
    leftQuantity: BigInt(row.quantity_before) - BigInt(row.quantity),
    allowanceQuantity: BigInt(row.allowance_quantity),
    allowanceExpired: BigInt(row.allowance_expired),
    includedNanos: BigInt(row.included_nanos),
    promotionNanos,
    creditsNanos: BigInt(row.credits_nanos) - promotionNanos,
    repaidNanos: BigInt(row.repaid_nanos),
    expiredNanos: BigInt(row.expired_nanos),
    balanceNanos: BigInt(row.balance_nanos),
    availableNanos: BigInt(row.available_nanos),
    createdAt: row.created_at,
  }
}

export type ReversalPosting = {
  teamId: string
  id: string
  poolId: string
  usageKey: bigint
  /** Above zero, and at most what is left of the record. */
  quantity: bigint
  /** How much of the consumable's allowance stays usable while the pool's period is withheld. */
  keptQuantity: bigint
  requestKey: string
  requestPrint: string
  reason: string
  apiKeyId: string | null
}

const POST: Statement = {
  name: "ledger_reverse_usage",
  text: `SELECT (ledger_reverse_usage($1::uuid, $2::uuid, $3::uuid, $4::bigint, $5::bigint, $6::bigint, $7, $8, $9, $10::uuid,
    $11::timestamptz)).id`,
}

/**
 * Gives back what a usage record, or a part of it, took from a pool: to the grants and the allowance that paid, after
 * repaying debt. Throws, with nothing written, if less of the record is left.
 */
export async function postReversal(query: Query, posting: ReversalPosting, now: Date): Promise<void> {
  const { teamId, id, poolId, usageKey, quantity, keptQuantity } = posting
  const { requestKey, requestPrint, reason, apiKeyId } = posting
  const request = [requestKey, requestPrint, reason, apiKeyId]
  await query(POST, [teamId, id, poolId, usageKey, quantity, keptQuantity, ...request, now])
}
