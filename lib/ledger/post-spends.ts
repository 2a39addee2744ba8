import type { Bucket } from "@/lib/db/generated/enums"
import type { Query, Statement } from "@/lib/db/query"
import type { PoolState } from "./pool-state"

/** One row of the ledger that a usage record becomes. A record that several grants pay is several, one after the other. */
export type SpendRow = {
  bucket: Bucket
  /** What is drawn; zero for a record that the allowance covers. */
  amountNanos: bigint
  grant: { id: string; no: number } | null
  meterNo: number
  /** When the client says that it happened; null: now. */
  reportedAt: Date | null
  /** Of the record's first row only. */
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

/** What is to be written in one pool: planned on `before`'s revision, leading to the flags of `after`. */
export type PoolSpend = { poolId: string; revision: bigint; after: PoolState; rows: SpendRow[] }

const SPEND: Statement = {
  name: "ledger_spend",
  text: `SELECT ledger_spend($1::uuid, $2::bigint, $3::timestamptz, $4::text::uuid[], $5::text::bigint[], $6::text::boolean[],
    $7::text::boolean[], $8::text::uuid[], $9::text::integer[], $10::text::integer[], $11::text::bucket[], $12::text::bigint[],
    $13::text::integer[], $14::text::integer[], $15::text::bigint[], $16::text::bigint[], $17::text::integer[],
    $18::text::smallint[], $19::text::bigint[], $20::text::bigint[], $21::text::timestamptz[], $22::text::jsonb[]) AS applied`,
}

/**
 * Writes what was planned and answers the pools in which it was written. A pool that has changed since it was read is
 * left alone; so are all of them when the team's metering version has moved on. Throws on a key that is already used.
 */
export async function postSpends(
  query: Query,
  team: { id: string; version: bigint },
  now: Date,
  spends: PoolSpend[],
): Promise<Set<string>> {
  const [row] = await query<{ applied: number[] | null }>(SPEND, toValues(team, now, spends))
  return new Set((row?.applied ?? []).map((place) => spends[place - 1]?.poolId ?? ""))
}

/** PostgreSQL's text form of an array of numbers, words or null. */
const list = (values: readonly unknown[]) => `{${values.join(",")}}`

const quote = (text: string) => `"${text.replace(/[\\"]/g, "\\$&")}"`

/** The same with null where a value is rarely there, or null for the whole when none is. */
function sparse<T>(rows: SpendRow[], read: (row: SpendRow) => T | null): (T | null)[] | null {
  let found = false
  const values = rows.map((row) => {
    const value = read(row)
    if (value !== null) found = true
    return value
  })
  return found ? values : null
}

function sparseOfRecords<T>(rows: SpendRow[], read: (record: NonNullable<SpendRow["record"]>) => T | null) {
  return sparse(rows, ({ record }) => (record ? read(record) : null))
}

const sparseList = (values: unknown[] | null) => values && list(values.map((value) => value ?? "NULL"))

function toValues(team: { id: string; version: bigint }, now: Date, spends: PoolSpend[]): unknown[] {
  const places: number[] = []
  const grants: { id: string; no: number }[] = []
  const grantPlaces: (number | "NULL")[] = []
  const rows: SpendRow[] = []
  for (const [index, spend] of spends.entries()) {
    const known = new Map<string, number>()
    for (const row of spend.rows) {
      rows.push(row)
      places.push(index + 1)
      if (!row.grant) {
        grantPlaces.push("NULL")
        continue
      }
      let place = known.get(row.grant.id)
      if (place === undefined) {
        place = grants.push(row.grant)
        known.set(row.grant.id, place)
      }
      grantPlaces.push(place)
    }
  }
  return [
    team.id,
    team.version,
    now,
    list(spends.map(({ poolId }) => poolId)),
    list(spends.map(({ revision }) => revision)),
    list(spends.map(({ after }) => after.isLow)),
    list(spends.map(({ after }) => after.isDepleted)),
    list(grants.map(({ id }) => id)),
    list(grants.map(({ no }) => no)),
    list(places),
    list(rows.map(({ bucket }) => bucket)),
    list(rows.map(({ amountNanos }) => -amountNanos)),
    list(grantPlaces),
    list(rows.map(({ meterNo }) => meterNo)),
    list(rows.map(({ record }) => record?.quantity ?? "NULL")),
    list(rows.map(({ record }) => record?.key ?? "NULL")),
    list(rows.map(({ record }) => record?.print ?? "NULL")),
    sparseList(sparseOfRecords(rows, ({ pieces }) => (pieces > 1 ? pieces : null))),
    sparseList(
      sparseOfRecords(rows, ({ allowanceQuantity }) => (allowanceQuantity > 0n ? allowanceQuantity : null)),
    ),
    sparseList(sparseOfRecords(rows, ({ heldNanos }) => (heldNanos > 0n ? heldNanos : null))),
    sparseList(sparse(rows, ({ reportedAt }) => reportedAt && `"${reportedAt.toISOString()}"`)),
    sparseList(sparseOfRecords(rows, ({ metadata }) => metadata && quote(metadata))),
  ]
}
