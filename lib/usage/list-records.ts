import type { Db } from "@/lib/db/client"
import { Prisma } from "@/lib/db/generated/client"
import { andAll, meterConditions } from "@/lib/ledger/conditions"
import { namedGroupOf, type UsageFilter } from "./filter"
import type { DayRange } from "./range"

type Amounts = { quantity: bigint; allowanceQuantity: bigint; includedNanos: bigint; creditsNanos: bigint }

/** One report of usage as it was charged, whoever paid for it. */
export type UsageRecord = Amounts & {
  /** The day in UTC on which it counts. */
  day: string
  poolId: string
  poolNo: number
  /** The place of its first entry in the pool, which identifies it there. */
  seq: bigint
  usageKey: bigint
  consumable: string
  rateNanos: bigint
  trigger: string
  memberId: string | null
  apiKeyId: string | null
  /** The part of all this that was taken back since. Null when there is none. */
  reversed: Amounts | null
  /** As the client sent it. */
  metadata: Record<string, string | number | boolean | null> | null
  occurredAt: Date
  createdAt: Date
}

/** Where a page goes on: before this entry of the pool among the records of the day, then pools after it, then days before. */
export type RecordPlace = { day: string; poolNo: number; seq: bigint }

export type RecordPage = {
  records: UsageRecord[]
  /** Null at the end. A page may be short, or empty, before that. */
  next: RecordPlace | null
}

/** The most entries that one page examines, so that no page takes long. */
const MAX_LOOKED_AT = 5_000
/** The most days of pools that one page looks into. */
const MAX_CELLS = 200

/**
 * Lists the records behind a bar: the newest day first, within a day pool by pool, there the newest first. In this order
 * an index finds each page at any depth. `MAX_LOOKED_AT` bounds the look for a rare record in a busy day. Two statements.
 */
export async function listUsageRecords(
  db: Db,
  teamId: string,
  question: { range: DayRange; filter: UsageFilter; place: RecordPlace | null; limit: number },
): Promise<RecordPage> {
  const { place, filter, limit } = question
  const isNamed = namedGroupOf(filter, null) !== null
  const cells = await findCells(db, teamId, question)
  const looked = chooseCells(cells, { place, most: isNamed ? null : limit + 1 })
  if (looked.length === 0) return { records: [], next: null }
  const found = await findRecords(db, teamId, { looked, filter, limit: limit + 1 })
  const records = found.slice(0, limit)
  const last = records.at(-1)
  if (found.length > limit && last) return { records, next: last }
  return { records, next: placeAfter(looked, cells) }
}

/** A day of a pool that has records of the chosen meters, between these entries. */
type Cell = { day: string; poolNo: number; firstSeq: bigint; lastSeq: bigint; records: bigint }

async function findCells(
  db: Db,
  teamId: string,
  { range, filter, place }: { range: DayRange; filter: UsageFilter; place: RecordPlace | null },
): Promise<Cell[]> {
  const last = place && place.day < range.to ? place.day : range.to
  const conditions = [
    ...meterConditions(filter),
    ...(filter.poolId === undefined ? [] : [Prisma.sql`d.pool_id = ${filter.poolId}::uuid`]),
    ...(place
      ? [
          Prisma.sql`(d.day < ${place.day}::date OR p.no > ${place.poolNo}
            OR (p.no = ${place.poolNo} AND d.first_seq < ${place.seq}))`,
        ]
      : []),
  ]
  return db.$queryRaw<Cell[]>`
    SELECT to_char(d.day, 'YYYY-MM-DD') AS day, p.no AS "poolNo", min(d.first_seq) AS "firstSeq", max(d.last_seq) AS "lastSeq",
      sum_nanos(d.records) AS records
    FROM usage_days d JOIN meters m ON m.team_id = d.team_id AND m.no = d.meter_no
    JOIN pools p ON p.team_id = d.team_id AND p.id = d.pool_id
    WHERE d.team_id = ${teamId}::uuid AND d.day BETWEEN ${range.from}::date AND ${last}::date ${andAll(conditions)}
    GROUP BY d.day, p.no ORDER BY d.day DESC, p.no LIMIT ${MAX_CELLS + 1}`
}

/**
 * Returns the cells that one page examines, the last one perhaps in part: until they have `most` records, or have
 * reached the bound.
 */
function chooseCells(
  cells: Cell[],
  { place, most }: { place: RecordPlace | null; most: number | null },
): Cell[] {
  const chosen: Cell[] = []
  let left = BigInt(MAX_LOOKED_AT)
  let records = 0n
  for (const cell of cells.slice(0, MAX_CELLS)) {
    if (left <= 0n || (most !== null && records >= most)) break
    const isContinued = place?.day === cell.day && place.poolNo === cell.poolNo
    const lastSeq = isContinued && place.seq <= cell.lastSeq ? place.seq - 1n : cell.lastSeq
    const lowest = lastSeq - left + 1n
    const firstSeq = cell.firstSeq > lowest ? cell.firstSeq : lowest
    chosen.push({ ...cell, firstSeq, lastSeq })
    left -= lastSeq - firstSeq + 1n
    // Some of a continued cell's records were on the page before.
    if (!isContinued) records += cell.records
  }
  return chosen
}

function placeAfter(looked: Cell[], cells: Cell[]): RecordPlace | null {
  const last = looked.at(-1)
  const whole = cells[looked.length - 1]
  if (!last || !whole) return null
  if (cells.length === looked.length && last.firstSeq === whole.firstSeq) return null
  return { day: last.day, poolNo: last.poolNo, seq: last.firstSeq }
}

async function findRecords(
  db: Db,
  teamId: string,
  { looked, filter, limit }: { looked: Cell[]; filter: UsageFilter; limit: number },
): Promise<UsageRecord[]> {
  const conditions = [
    ...meterConditions(filter),
    ...(filter.run === undefined ? [] : [Prisma.sql`left(e.metadata ->> 'run', 100) = ${filter.run}`]),
    ...(filter.model === undefined ? [] : [Prisma.sql`left(e.metadata ->> 'model', 100) = ${filter.model}`]),
  ]
  // One bucket after the other, because each comes in order from the index and ends with the page.
  const newestOf = (bucket: "included" | "credits") => Prisma.sql`
    SELECT e.seq, e.team_id, e.pool_no, e.bucket, e.amount_nanos, e.usage_key, e.quantity, e.allowance_quantity, e.pieces,
      e.metadata, e.occurred_at, e.created_at, m.consumable, m.rate_nanos, m.trigger, m.member_id, m.api_key_id
    FROM entries e JOIN meters m ON m.team_id = e.team_id AND m.no = e.meter_no
    WHERE e.team_id = ${teamId}::uuid AND e.pool_no = c.pool_no AND e.bucket = ${bucket}::bucket
      AND e.seq BETWEEN c.first_seq AND c.last_seq AND e.usage_key IS NOT NULL
      AND (e.occurred_at AT TIME ZONE 'UTC')::date = c.day::date ${andAll(conditions)}
    ORDER BY e.seq DESC LIMIT ${limit}`
  const rows = await db.$queryRaw<Row[]>`
    SELECT c.day, p.id AS "poolId", c.pool_no AS "poolNo", e.seq, e.usage_key AS "usageKey", e.consumable, e.quantity,
      coalesce(e.allowance_quantity, 0) AS "allowanceQuantity", e.rate_nanos AS "rateNanos",
      coalesce(paid.included, CASE e.bucket WHEN 'included' THEN -e.amount_nanos ELSE 0 END) AS "includedNanos",
      coalesce(paid.credits, CASE e.bucket WHEN 'credits' THEN -e.amount_nanos ELSE 0 END) AS "creditsNanos",
      e.trigger, e.member_id AS "memberId", e.api_key_id AS "apiKeyId", e.metadata, e.occurred_at AS "occurredAt",
      e.created_at AS "createdAt", back.quantity AS "reversedQuantity", back.allowance AS "reversedAllowance",
      back.included AS "reversedIncluded", back.credits AS "reversedCredits"
    FROM unnest(${looked.map(({ day }) => day)}::text[], ${looked.map(({ poolNo }) => poolNo)}::integer[],
      ${looked.map(({ firstSeq }) => firstSeq)}::bigint[], ${looked.map(({ lastSeq }) => lastSeq)}::bigint[])
      AS c (day, pool_no, first_seq, last_seq)
    JOIN pools p ON p.team_id = ${teamId}::uuid AND p.no = c.pool_no
    CROSS JOIN LATERAL (
      (${newestOf("included")}) UNION ALL (${newestOf("credits")}) ORDER BY seq DESC LIMIT ${limit}
    ) e
    LEFT JOIN LATERAL (
      SELECT -sum_nanos(x.amount_nanos) FILTER (WHERE x.bucket = 'included') AS included,
        -sum_nanos(x.amount_nanos) FILTER (WHERE x.bucket = 'credits') AS credits
      FROM entries x
      WHERE x.team_id = e.team_id AND x.pool_no = e.pool_no AND x.bucket IN ('included', 'credits')
        AND x.seq BETWEEN e.seq AND e.seq + e.pieces - 1
    ) paid ON e.pieces > 1
    LEFT JOIN LATERAL (
      SELECT sum(r.quantity)::bigint AS quantity, sum_nanos(r.allowance_quantity) AS allowance,
        sum_nanos(r.included_nanos) AS included, sum_nanos(r.credits_nanos) AS credits
      FROM usage_reversals r WHERE r.team_id = e.team_id AND r.usage_key = e.usage_key
    ) back ON true
    ORDER BY c.day DESC, c.pool_no, e.seq DESC LIMIT ${limit}`
  return rows.map(({ reversedQuantity, reversedAllowance, reversedIncluded, reversedCredits, ...record }) => {
    if (reversedQuantity === null) return { ...record, reversed: null }
    const reversed = {
      quantity: reversedQuantity,
      allowanceQuantity: reversedAllowance,
      includedNanos: reversedIncluded,
      creditsNanos: reversedCredits,
    }
    return { ...record, reversed }
  })
}

type Row = Omit<UsageRecord, "reversed"> & {
  reversedQuantity: bigint | null
  reversedAllowance: bigint
  reversedIncluded: bigint
  reversedCredits: bigint
}
