import type { Query, Statement } from "@/lib/db/query"

/** `owner`: what keys and schedules may draw from the Owner's credits. */
export type LimitKind = "member" | "api_key" | "owner"

/** A limit, and how much of it this month's usage has taken. */
export type LimitState = {
  id: string
  kind: LimitKind
  amountNanos: bigint
  /** A soft limit is only told of. */
  isHard: boolean
  spentNanos: bigint
  /** Set aside by open holds. */
  heldNanos: bigint
  /** How much of it people were told of this month. */
  toldPercent: 0 | 80 | 100
  /** Up to where the ledger counts without a look at the limit. Null: always. */
  stopNanos: bigint | null
}

type Row = {
  id: string
  kind: LimitKind
  amount_nanos: bigint | string
  is_hard: boolean
  spent_nanos: bigint | string
  held_nanos: bigint | string
  told_percent: 0 | 80 | 100
  stop_nanos: bigint | string | null
}

const READ_LIMITS: Statement = {
  name: "ledger_read_limits",
  text: `SELECT id, kind, amount_nanos, is_hard, spent_nanos, held_nanos, told_percent, stop_nanos
    FROM ledger_read_limits($1::uuid, $2::text::uuid[], $3::timestamptz, $4::boolean)`,
}

/**
 * Reads limits of a team as they are in the month of `now`. With a lock, nobody else changes them until the transaction
 * ends; pools are locked before. A limit that was removed meanwhile is missing from the result.
 */
export async function readLimits(
  query: Query,
  teamId: string,
  ids: string[],
  { lock, now }: { lock: boolean; now: Date },
): Promise<LimitState[]> {
  if (ids.length === 0) return []
  const rows = await query<Row>(READ_LIMITS, [teamId, `{${ids.join(",")}}`, now, lock])
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    amountNanos: BigInt(row.amount_nanos),
    isHard: row.is_hard,
    spentNanos: BigInt(row.spent_nanos),
    heldNanos: BigInt(row.held_nanos),
    toldPercent: row.told_percent,
    stopNanos: row.stop_nanos === null ? null : BigInt(row.stop_nanos),
  }))
}

const NOTE_TOLD: Statement = {
  name: "spend_limits_told",
  text: `UPDATE spend_limits SET told_percent = $3, stop_nanos = spend_limit_stop(amount_nanos, is_hard, $3::smallint)
    WHERE team_id = $1::uuid AND id = $2::uuid`,
}

/** Notes, under the limit's lock, that people are told how much of it is used. The ledger then counts on to the next mark. */
export async function noteTold(query: Query, teamId: string, id: string, percent: 80 | 100): Promise<void> {
  await query(NOTE_TOLD, [teamId, id, percent])
}
