import type { Bucket } from "@/lib/db/generated/enums"
import type { Query, Statement } from "@/lib/db/query"
import type { PoolState } from "./pool-state"

/** One ledger row of a usage record. A record that several grants pay has several, one after the other. */
export type SpendRow = {
  bucket: Bucket
  /** The amount drawn. Zero for a record that the allowance covers. */
  amountNanos: bigint
  grant: { id: string; no: number } | null
  meterNo: number
  /** The client's time of the usage. Null: now. */
  reportedAt: Date | null
  /** Only on the record's first row. */
  record: {
    key: bigint
    print: number
    quantity: bigint
    pieces: number
    allowanceQuantity: bigint
    heldNanos: bigint
    metadata: string | null
  } | null
}

/** The rows to write in one pool: planned on `before`'s revision, leading to the flags of `after`. */
export type PoolSpend = {
  poolId: string
  revision: bigint
  after: PoolState
  rows: SpendRow[]
  /** The part of each limit that it takes, and how much of that a hold had set aside. */
  limits: { id: string; amountNanos: bigint; coveredNanos: bigint }[]
}

const SPEND: Statement = {
  name: "ledger_spend",
  text: `SELECT ledger_spend($1::uuid, $2::bigint, $3::timestamptz, $4::text::spend_pool[], $5::text::uuid[],
    $6::text::spend_row[], $7::text::spend_limit[]) AS applied`,
}

/**
 * Writes a plan and returns the pools in which it was written. Skips a pool that has changed since it was read, and
 * all of them when the team's metering version has moved on. Throws on a key that is already used, and where a limit
 * has to be looked at first (isLimitStop).
 */
export async function postSpends(
  query: Query,
  team: { id: string; version: bigint },
  now: Date,
  spends: PoolSpend[],
): Promise<Set<string>> {
  const grants = new Set<string>()
  const rows: ReturnType<typeof toRow>[] = []
  for (const [index, spend] of spends.entries())
    for (const row of spend.rows) {
      rows.push(toRow(index + 1, row))
      if (row.grant) grants.add(row.grant.id)
    }
  const [answer] = await query<{ applied: string[] | null }>(SPEND, [
    team.id,
    team.version,
    now,
    toArray(spends.map(toPool)),
    `{${[...grants].join(",")}}`,
    toArray(rows),
    toArray(limitsOf(spends)),
  ])
  return new Set(answer?.applied)
}

/** Returns what the spends take from limits, in the order in which everybody locks those. */
function limitsOf(spends: PoolSpend[]): ReturnType<typeof toLimit>[] {
  const all = spends.flatMap(({ limits }, index) => limits.map((limit) => toLimit(index + 1, limit)))
  return all.sort((a, b) => (a.id < b.id ? -1 : 1))
}

type Field = string | number | bigint | boolean | null

/** Returns a pool as the type `spend_pool`, its fields in the order of the type. */
export function toPool({ poolId, revision, after }: PoolSpend) {
  return { id: poolId, revision, is_low: after.isLow, is_depleted: after.isDepleted } satisfies Record<
    string,
    Field
  >
}

/** Returns a row as the type `spend_row`, its fields in the order of the type. `pool` counts the pools from 1. */
export function toRow(pool: number, { bucket, amountNanos, grant, meterNo, reportedAt, record }: SpendRow) {
  return {
    pool,
    bucket,
    amount_nanos: -amountNanos,
    grant_no: grant?.no ?? null,
    meter_no: meterNo,
    reported_at: reportedAt?.toISOString() ?? null,
    usage_key: record?.key ?? null,
    usage_print: record?.print ?? null,
    quantity: record?.quantity ?? null,
    // Null where it would say nothing: the entry is smaller without it.
    pieces: record && record.pieces > 1 ? record.pieces : null,
    allowance_quantity: record?.allowanceQuantity || null,
    held_nanos: record?.heldNanos || null,
    metadata: record?.metadata ? quoteTwice(record.metadata) : null,
  } satisfies Record<string, Field>
}

/** Returns a limit's spending as the type `spend_limit`, its fields in the order of the type. */
export function toLimit(pool: number, { id, amountNanos, coveredNanos }: PoolSpend["limits"][number]) {
  return { pool, id, amount_nanos: amountNanos, covered_nanos: coveredNanos } satisfies Record<string, Field>
}

/** Returns PostgreSQL's text form of an array of a composite type. A field without text is null. */
function toArray(values: Record<string, Field>[]): string {
  return `{${values.map((value) => `"(${Object.values(value).join(",")})"`).join(",")}}`
}

/** Quotes a field that may hold any character: in its row, which is quoted in the array. */
const quoteTwice = (text: string) => `\\"${text.replace(/[\\"]/g, "\\\\\\$&")}\\"`
