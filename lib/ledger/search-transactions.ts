import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { Prisma } from "@/lib/db/generated/client"
import { EntryKind } from "@/lib/db/generated/enums"
import { least } from "@/lib/money/least"
import { andAll, meterConditions } from "./conditions"
import { listCredits, type PoolRef, readTransactions, type Transaction } from "./transactions"

/** Narrows a pool's transactions. A missing field is no condition. */
export type TransactionFilter = {
  kinds?: EntryKind[]
  /** The time when it happened: at or after `from`, before `to`. */
  from?: Date
  to?: Date
  /** As shown: what was taken is negative. Both ends are included. */
  minNanos?: bigint
  maxNanos?: bigint
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
  db: Db,
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
  const [usage, others] = await Promise.all([
    listUsage(db, pool, { filter, spans: spans.looked, limit: most, mostLookedAt }),
    listOthers(db, pool, { filter, top, limit: most }),
  ])
  // Of a page that isn't full, usage may have been examined up to here only.
  const end = usage.length < most ? await findEnd(db, pool, spans, mostLookedAt) : null
  const found = [...usage, ...(end === null ? others : others.filter(({ seq }) => seq >= end))].sort(
    (a, b) => (a.seq < b.seq ? 1 : -1),
  )
  const transactions = found.slice(0, limit)
  const last = transactions.at(-1)
  return { transactions, nextBefore: found.length > limit && last ? last.seq : end }
}

async function getLastSeq(db: Db, pool: PoolRef): Promise<bigint> {
  const last = await db.entry.findFirst({
    where: { teamId: pool.teamId, poolNo: pool.no, bucket: "credits" },
    orderBy: { seq: "desc" },
    select: { seq: true },
  })
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
  db: Db,
  pool: PoolRef,
  { filter, top, mostLookedAt }: { filter: TransactionFilter; top: bigint; mostLookedAt: number },
): Promise<Spans> {
  if (filter.kinds && !filter.kinds.includes("consumption")) return { looked: [], hasMore: false }
  // Usage of credits is negative.
  if (filter.minNanos !== undefined && filter.minNanos >= 0n) return { looked: [], hasMore: false }
  const days = [...dayConditions(filter), ...meterConditions(filter), ...dayAmountConditions(pool, filter)]
  if (days.length === 0) return { looked: [{ low: 1n, high: top - 1n }], hasMore: false }
  const spans = await db.$queryRaw<Span[]>`
    SELECT min(d.first_seq) AS low, least(max(d.last_seq), ${top - 1n}::bigint) AS high
    FROM usage_days d JOIN meters m ON m.team_id = d.team_id AND m.no = d.meter_no
    WHERE d.team_id = ${pool.teamId}::uuid AND d.pool_id = ${pool.id}::uuid AND d.first_seq < ${top}
      AND ${Prisma.join(days, " AND ")}
    GROUP BY d.day ORDER BY high DESC`
  return chooseSpans(spans, mostLookedAt)
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
function dayAmountConditions(pool: PoolRef, { maxNanos }: TransactionFilter): Prisma.Sql[] {
  if (maxNanos === undefined || maxNanos >= 0n) return []
  // A correction has taken from the total since.
  return [
    Prisma.sql`(d.credits_nanos >= ${-maxNanos} OR d.meter_no = ANY (ARRAY(
      SELECT r.meter_no FROM usage_reversals r WHERE r.team_id = ${pool.teamId}::uuid AND r.pool_id = ${pool.id}::uuid)))`,
  ]
}

const NEWEST_FIRST = Prisma.sql`DESC`

function listUsage(
  db: Db,
  pool: PoolRef,
  {
    filter,
    spans,
    limit,
    mostLookedAt,
  }: { filter: TransactionFilter; spans: Span[]; limit: number; mostLookedAt: number },
): Promise<Transaction[]> {
  if (spans.length === 0) return Promise.resolve([])
  const { minNanos, maxNanos } = filter
  const amount = Prisma.sql`coalesce(paid.nanos, e.amount_nanos)`
  return readTransactions(db, {
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
      ...(minNanos === undefined ? [] : [Prisma.sql`${amount} >= ${minNanos}`]),
      ...(maxNanos === undefined ? [] : [Prisma.sql`${amount} <= ${maxNanos}`]),
    ],
    order: NEWEST_FIRST,
    limit,
  })
}

/** Lists what isn't usage: few entries, which have an index by kind. Each is one transaction. */
function listOthers(
  db: Db,
  pool: PoolRef,
  { filter, top, limit }: { filter: TransactionFilter; top: bigint; limit: number },
): Promise<Transaction[]> {
  const ofMeters = meterConditions(filter)
  const wanted = filter.kinds ?? Object.values(EntryKind)
  // Of all that isn't usage only its corrections have a meter.
  const kinds = wanted.filter((kind) =>
    ofMeters.length > 0
      ? kind === "consumption_reversal"
      : kind !== "consumption" && kind !== "included_grant",
  )
  if (kinds.length === 0) return Promise.resolve([])
  const { minNanos, maxNanos } = filter
  const conditions = [
    ...timeConditions(filter),
    ...(minNanos === undefined ? [] : [Prisma.sql`e.amount_nanos >= ${minNanos}`]),
    ...(maxNanos === undefined ? [] : [Prisma.sql`e.amount_nanos <= ${maxNanos}`]),
    ...(ofMeters.length === 0
      ? []
      : [
          Prisma.sql`EXISTS (SELECT FROM usage_reversals v JOIN meters m ON m.team_id = v.team_id AND m.no = v.meter_no
            WHERE v.team_id = e.team_id AND v.id = e.cause_id AND ${Prisma.join(ofMeters, " AND ")})`,
        ]),
  ]
  return readTransactions(db, {
    entries: Prisma.sql`
      SELECT x.* FROM unnest(${kinds}::entry_kind[]) k (kind)
      CROSS JOIN LATERAL (
        SELECT * FROM entries e
        WHERE e.team_id = ${pool.teamId}::uuid AND e.pool_no = ${pool.no} AND e.bucket = 'credits' AND e.cause_id IS NOT NULL
          AND e.kind <> 'consumption' AND e.kind = k.kind AND e.seq < ${top}
          ${andAll(conditions)}
        ORDER BY e.seq DESC LIMIT ${limit}
      ) x`,
    conditions: [],
    order: NEWEST_FIRST,
    limit,
  })
}

function timeConditions({ from, to }: TransactionFilter): Prisma.Sql[] {
  return [
    ...(from ? [Prisma.sql`e.occurred_at >= ${from}::timestamptz`] : []),
    ...(to ? [Prisma.sql`e.occurred_at < ${to}::timestamptz`] : []),
  ]
}

/** The oldest entry that a page examined for usage. Null if it examined all. */
async function findEnd(
  db: Db,
  pool: PoolRef,
  { looked, hasMore }: Spans,
  mostLookedAt: number,
): Promise<bigint | null> {
  const last = looked.at(-1)
  if (!last) return null
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
