import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import type { Reader } from "@/lib/db/export-connections"
import { Prisma } from "@/lib/db/generated/client"
import { EntryKind } from "@/lib/db/generated/enums"
import { greatest, least } from "@/lib/money/least"
import { andAll, meterConditions } from "./conditions"
import {
  listCredits,
  type PoolRef,
  readTransactionsOfEach,
  type Transaction,
  type TransactionSet,
} from "./transactions"

/** Narrows a pool's transactions. A missing field is no condition. */
export type TransactionFilter = {
  kinds?: EntryKind[]
  /** The time when it happened: at or after `from`, before `to`. */
  from?: Date
  to?: Date
  /** As shown: what was taken is negative. Both ends are included. */
  minNanos?: bigint
  maxNanos?: bigint
  /** The size of the amount, whether it came or went. Both ends are included. */
  minSizeNanos?: bigint
  maxSizeNanos?: bigint
  /** The next three are of usage and its corrections. Null: usage that no member, or no key, caused. */
  consumable?: string
  memberId?: string | null
  apiKeyId?: string | null
}

export type FoundTransactions = {
  transactions: Transaction[]
  /** Where the next page begins. Null at the end. */
  nextBefore: bigint | null
}

type Search = { before: bigint | null; limit: number; filter: TransactionFilter; mostLookedAt?: number }

/** The most entries that one page examines for a filter, so that no page takes long. */
const MAX_LOOKED_AT = 5_000

/**
 * Returns one page of a pool's transactions that fit a filter, newest first, before a sequence number. A page may have
 * fewer than the limit, even none, and not be the last.
 *
 * Usage is looked for only between the entries that `usage_days` names for the filter's days and meters. All else has
 * an index by kind. So no filter needs an index that every spend would pay for.
 */
export async function listTransactionsBefore(
  db: Reader,
  pool: PoolRef,
  { before, limit, filter, mostLookedAt = MAX_LOOKED_AT }: Search,
): Promise<FoundTransactions> {
  if (Object.values(filter).every((condition) => condition === undefined)) {
    const found = await listCredits(db, pool, {
      before: before ?? undefined,
      limit: limit + 1,
      order: "desc",
    })
    const transactions = found.slice(0, limit)
    return { transactions, nextBefore: found.length > limit ? (transactions.at(-1)?.seq ?? null) : null }
  }
  // Entries that come meanwhile would shift which ones were examined.
  const top = before ?? (await getLastSeq(db, pool)) + 1n
  const most = limit + 1
  const spans = await findSpans(db, pool, { filter, top, mostLookedAt })
  const all = await readTransactionsOfEach(db, [
    ...usageIn(pool, { filter, spans: spans.looked, limit: most, mostLookedAt }),
    ...othersOf(pool, { filter, top, limit: most }),
  ])
  const usage = all.filter(({ kind }) => kind === "consumption")
  // Of a page that isn't full, usage may have been examined up to here only.
  const end = usage.length < most ? await findEnd(db, pool, spans, mostLookedAt) : null
  const found = all
    .filter(({ kind, seq }) => kind === "consumption" || end === null || seq >= end)
    .sort((a, b) => (a.seq < b.seq ? 1 : -1))
  const transactions = found.slice(0, limit)
  const last = transactions.at(-1)
  return { transactions, nextBefore: found.length > limit && last ? last.seq : end }
}

async function getLastSeq(db: Reader, pool: PoolRef): Promise<bigint> {
  const [last] = await db.$queryRaw<{ seq: bigint }[]>`
    SELECT e.seq FROM entries e WHERE e.team_id = ${pool.teamId}::uuid AND e.pool_no = ${pool.no} AND e.bucket = 'credits'
    ORDER BY e.seq DESC LIMIT 1`
  return last?.seq ?? 0n
}

/** Entries of a pool from the first to the last. */
type Span = { low: bigint; high: bigint }
type Spans = {
  /** Newest first, disjoint. The last one may be longer than a page examines. */
  looked: Span[]
  /** Whether there are more after them. */
  hasMore: boolean
}

/** Returns where a page has to look for usage. */
async function findSpans(
  db: Reader,
  pool: PoolRef,
  { filter, top, mostLookedAt }: { filter: TransactionFilter; top: bigint; mostLookedAt: number },
): Promise<Spans> {
  if (!wantsUsage(filter)) return { looked: [], hasMore: false }
  const days = usageDayConditions(pool, filter)
  if (days.length === 0) return { looked: [{ low: 1n, high: top - 1n }], hasMore: false }
  const spans = await db.$queryRaw<Span[]>`
    SELECT min(d.first_seq) AS low, least(max(d.last_seq), ${top - 1n}::bigint) AS high
    FROM usage_days d JOIN meters m ON m.team_id = d.team_id AND m.no = d.meter_no
    WHERE d.team_id = ${pool.teamId}::uuid AND d.pool_id = ${pool.id}::uuid AND d.first_seq < ${top}
      AND ${Prisma.join(days, " AND ")}
    GROUP BY d.day ORDER BY high DESC`
  return chooseSpans(spans, mostLookedAt)
}

export function wantsUsage({ kinds, minNanos }: TransactionFilter): boolean {
  // Usage of credits is negative.
  return (!kinds || kinds.includes("consumption")) && (minNanos === undefined || minNanos < 0n)
}

/** Returns the conditions that a day `d` of a meter `m` has to meet to have usage that fits. */
export function usageDayConditions(pool: PoolRef, filter: TransactionFilter): Prisma.Sql[] {
  return [...dayConditions(filter), ...meterConditions(filter), ...dayAmountConditions(pool, filter)]
}

/** Merges spans that overlap, because usage may be reported late, and returns as many as a page examines. */
function chooseSpans(spans: Span[], mostLookedAt: number): Spans {
  const looked: Span[] = []
  let length = 0n
  for (const { low, high } of spans) {
    const last = looked.at(-1)
    if (last && high >= last.low) {
      if (low < last.low) length += last.low - low
      last.low = least(low, last.low)
      continue
    }
    if (length >= mostLookedAt) return { looked, hasMore: true }
    looked.push({ low, high })
    length += high - low + 1n
  }
  return { looked, hasMore: false }
}

/** The days that a time lies in: the usage of a day is reported with any time of it. */
function dayConditions({ from, to }: TransactionFilter): Prisma.Sql[] {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  return [
    ...(from ? [Prisma.sql`d.day >= ${day(from.getTime())}::date`] : []),
    // A time at midnight needs nothing of the day that it begins; a millisecond is the least that a time has.
    ...(to ? [Prisma.sql`d.day <= ${day(Math.max(to.getTime() - 1, FIRST_TIME))}::date`] : []),
  ]
}

/** PostgreSQL has no text for a year before the first. */
const FIRST_TIME = Date.parse("0001-01-01T00:00:00Z") + DAY_MS

/** A day's total is at least what each of its records took. */
function dayAmountConditions(
  pool: PoolRef,
  { maxNanos, minSizeNanos = 0n }: TransactionFilter,
): Prisma.Sql[] {
  const leastTaken = greatest(maxNanos === undefined ? 0n : -maxNanos, minSizeNanos)
  if (leastTaken <= 0n) return []
  // A correction has taken from the total since.
  return [
    Prisma.sql`(d.credits_nanos >= ${leastTaken} OR d.meter_no = ANY (ARRAY(
      SELECT r.meter_no FROM usage_reversals r WHERE r.team_id = ${pool.teamId}::uuid AND r.pool_id = ${pool.id}::uuid)))`,
  ]
}

const NEWEST_FIRST = Prisma.sql`DESC`

function usageIn(
  pool: PoolRef,
  {
    filter,
    spans,
    limit,
    mostLookedAt,
  }: { filter: TransactionFilter; spans: Span[]; limit: number; mostLookedAt: number },
): TransactionSet[] {
  if (spans.length === 0) return []
  return [
    {
      entries: Prisma.sql`
      SELECT x.* FROM unnest(${spans.map(({ low }) => low)}::bigint[], ${spans.map(({ high }) => high)}::bigint[]) s (low, high)
      CROSS JOIN LATERAL (
        SELECT * FROM entries
        WHERE team_id = ${pool.teamId}::uuid AND pool_no = ${pool.no} AND bucket = 'credits' AND seq BETWEEN s.low AND s.high
        ORDER BY seq DESC LIMIT ${mostLookedAt}
      ) x`,
      conditions: [
        Prisma.sql`e.kind = 'consumption'`,
        ...timeConditions(filter),
        ...meterConditions(filter),
        ...amountConditions(Prisma.sql`coalesce(paid.nanos, e.amount_nanos)`, filter),
      ],
      order: NEWEST_FIRST,
      limit,
    },
  ]
}

/** Everything that isn't usage: few entries, which have an index by kind. Each is one transaction. */
function othersOf(
  pool: PoolRef,
  { filter, top, limit }: { filter: TransactionFilter; top: bigint; limit: number },
): TransactionSet[] {
  const kinds = otherKinds(filter)
  if (kinds.length === 0) return []
  return [
    {
      entries: Prisma.sql`
      SELECT x.* FROM unnest(${kinds}::entry_kind[]) k (kind)
      CROSS JOIN LATERAL (
        SELECT * FROM entries e
        WHERE e.team_id = ${pool.teamId}::uuid AND e.pool_no = ${pool.no} AND e.bucket = 'credits' AND e.cause_id IS NOT NULL
          AND e.kind <> 'consumption' AND e.kind = k.kind AND e.seq < ${top}
          ${andAll(otherConditions(filter))}
        ORDER BY e.seq DESC LIMIT ${limit}
      ) x`,
      conditions: [],
      order: NEWEST_FIRST,
      limit,
    },
  ]
}

/** Returns the kinds other than usage that may fit. Of these only its corrections have a meter. */
export function otherKinds(filter: TransactionFilter): EntryKind[] {
  const isOfMeter = meterConditions(filter).length > 0
  return (filter.kinds ?? Object.values(EntryKind)).filter((kind) =>
    isOfMeter ? kind === "consumption_reversal" : kind !== "consumption" && kind !== "included_grant",
  )
}

/** Returns the conditions that an entry `e` of such a kind has to meet. */
export function otherConditions(filter: TransactionFilter): Prisma.Sql[] {
  const ofMeters = meterConditions(filter)
  return [
    ...timeConditions(filter),
    ...amountConditions(Prisma.sql`e.amount_nanos`, filter),
    ...(ofMeters.length === 0
      ? []
      : [
          Prisma.sql`EXISTS (SELECT FROM usage_reversals v JOIN meters m ON m.team_id = v.team_id AND m.no = v.meter_no
            WHERE v.team_id = e.team_id AND v.id = e.cause_id AND ${Prisma.join(ofMeters, " AND ")})`,
        ]),
  ]
}

function timeConditions({ from, to }: TransactionFilter): Prisma.Sql[] {
  return [
    ...(from ? [Prisma.sql`e.occurred_at >= ${from}::timestamptz`] : []),
    ...(to ? [Prisma.sql`e.occurred_at < ${to}::timestamptz`] : []),
  ]
}

function amountConditions(amount: Prisma.Sql, filter: TransactionFilter): Prisma.Sql[] {
  const { minNanos, maxNanos, minSizeNanos, maxSizeNanos } = filter
  return [
    ...(minNanos === undefined ? [] : [Prisma.sql`${amount} >= ${minNanos}`]),
    ...(maxNanos === undefined ? [] : [Prisma.sql`${amount} <= ${maxNanos}`]),
    ...(minSizeNanos === undefined ? [] : [Prisma.sql`abs(${amount}) >= ${minSizeNanos}`]),
    ...(maxSizeNanos === undefined ? [] : [Prisma.sql`abs(${amount}) <= ${maxSizeNanos}`]),
  ]
}

/** The oldest entry that a page examined for usage. Null if it examined all. */
async function findEnd(
  db: Reader,
  pool: PoolRef,
  { looked, hasMore }: Spans,
  mostLookedAt: number,
): Promise<bigint | null> {
  const last = looked.at(-1)
  if (!last) return null
  // So few were all examined.
  if (last.high - last.low < mostLookedAt) return hasMore ? last.low : null
  const [row] = await db.$queryRaw<{ seq: bigint }[]>`
    SELECT e.seq FROM entries e
    WHERE e.team_id = ${pool.teamId}::uuid AND e.pool_no = ${pool.no} AND e.bucket = 'credits'
      AND e.seq BETWEEN ${last.low} AND ${last.high}
    ORDER BY e.seq DESC OFFSET ${mostLookedAt - 1} LIMIT 1`
  if (row && row.seq > last.low) return row.seq
  return hasMore ? last.low : null
}

/** Returns the transaction that an entry of `credits` belongs to. Null if there is no such entry. */
export async function getTransactionAt(db: Db, pool: PoolRef, seq: bigint): Promise<Transaction | null> {
  const [found] = await listCredits(db, pool, { before: seq + 1n, limit: 1, order: "desc" })
  return found && found.lastSeq >= seq && found.firstSeq <= seq ? found : null
}
