import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { Prisma } from "@/lib/db/generated/client"
import type { EntryKind } from "@/lib/db/generated/enums"

export type Transaction = {
  seq: bigint
  kind: EntryKind
  detail: string | null
  amountNanos: bigint
  balanceAfterNanos: bigint
  /** The purchase, promotion or period behind it; null for usage. */
  causeId: string | null
  occurredAt: Date
}

export type TransactionPage = {
  transactions: Transaction[]
  olderBefore: bigint | null
  newerAfter: bigint | null
}

export const TRANSACTIONS_PAGE_SIZE = 50

/** The newest movements of a pool's bought and given credits. Included credits are usage, not transactions. */
export function listRecentTransactions(db: Db, pool: PoolRef, limit: number): Promise<Transaction[]> {
  return listCreditEntries(db, pool, { limit, order: "desc" })
}

/** One page of a pool's transactions, newest first: the ones before a sequence number, or just after one. */
export async function listTransactionPage(
  db: Db,
  pool: PoolRef,
  cursor: { before?: bigint; after?: bigint },
): Promise<TransactionPage> {
  const forward = cursor.after === undefined
  const rows = await listCreditEntries(db, pool, {
    ...(forward ? { before: cursor.before } : { after: cursor.after }),
    limit: TRANSACTIONS_PAGE_SIZE + 1,
    order: forward ? "desc" : "asc",
  })
  const hasMore = rows.length > TRANSACTIONS_PAGE_SIZE
  const page = rows.slice(0, TRANSACTIONS_PAGE_SIZE)
  if (!forward) page.reverse()
  const [first, last] = [page[0], page.at(-1)]
  const hasOlder = forward ? hasMore : true
  const hasNewer = forward ? cursor.before !== undefined : hasMore
  return {
    transactions: page,
    olderBefore: hasOlder && last ? last.seq : null,
    newerAfter: hasNewer && first ? first.seq : null,
  }
}

export type TransactionFilter = {
  kinds: EntryKind[] | null
  /** Of when it happened: at or after, and before. */
  from: Date | null
  to: Date | null
}

/** The most entries that one page looks at for those that fit a filter, so that none takes long. */
const MAX_LOOKED_AT = 5_000

/**
 * One page of a pool's transactions that fit a filter, newest first, from before a sequence number on. `nextBefore` says
 * where the next page begins. A page may have fewer than the limit, even none, and not be the last.
 */
export async function listTransactionsBefore(
  db: Db,
  pool: PoolRef,
  { before, limit, filter }: { before: bigint | null; limit: number; filter: TransactionFilter },
): Promise<{ transactions: Transaction[]; nextBefore: bigint | null }> {
  // Entries that come meanwhile would shift which ones were looked at.
  const top = before ?? (await getLastSeq(db, pool)) + 1n
  const found = await listCreditEntries(db, pool, { before: top, limit: limit + 1, order: "desc", filter })
  const transactions = found.slice(0, limit)
  const last = transactions.at(-1)
  if (found.length > limit && last) return { transactions, nextBefore: last.seq }
  const isFiltered = filter.kinds !== null || filter.from !== null || filter.to !== null
  return { transactions, nextBefore: isFiltered ? await getSeqLookedAtLast(db, pool, top) : null }
}

async function getLastSeq(db: Db, pool: PoolRef): Promise<bigint> {
  const last = await db.entry.findFirst({
    where: { teamId: pool.teamId, poolNo: pool.no, bucket: "credits" },
    orderBy: { seq: "desc" },
    select: { seq: true },
  })
  return last?.seq ?? 0n
}

/** The oldest entry that a page from there on could look at; null if it could look at all. */
async function getSeqLookedAtLast(db: Db, pool: PoolRef, before: bigint): Promise<bigint | null> {
  const [row] = await db.$queryRaw<{ seq: bigint }[]>`
    SELECT e.seq FROM entries e
    WHERE e.team_id = ${pool.teamId}::uuid AND e.pool_no = ${pool.no} AND e.bucket = 'credits' AND e.seq < ${before}
    ORDER BY e.seq DESC OFFSET ${MAX_LOOKED_AT - 1} LIMIT 1`
  return row?.seq ?? null
}

/** A pool of a team, by the number that entries know it by, and by its id. */
export type PoolRef = { teamId: string; id: string; no: number }

type Row = {
  seq: bigint
  kind: EntryKind
  detail: string | null
  amount_nanos: bigint
  balance_after_nanos: bigint
  cause_id: string | null
  occurred_at: Date
}

async function listCreditEntries(
  db: Db,
  pool: PoolRef,
  range: {
    before?: bigint
    after?: bigint
    limit: number
    order: "asc" | "desc"
    filter?: TransactionFilter
  },
): Promise<Transaction[]> {
  const order = range.order === "desc" ? Prisma.sql`DESC` : Prisma.sql`ASC`
  const { kinds = null, from = null, to = null } = range.filter ?? {}
  // What was used stands with its meter. The filter is outside the limit of what is looked at.
  const rows = await db.$queryRaw<Row[]>`
    SELECT e.seq, e.kind, coalesce(e.detail, m.consumable) AS detail, e.amount_nanos, e.balance_after_nanos, e.cause_id,
      e.occurred_at
    FROM (
      SELECT * FROM entries
      WHERE team_id = ${pool.teamId}::uuid AND pool_no = ${pool.no} AND bucket = 'credits'
        AND seq < ${range.before ?? MAX_SEQ} AND seq > ${range.after ?? 0n}
      ORDER BY seq ${order} LIMIT ${range.filter ? MAX_LOOKED_AT : range.limit}
    ) e LEFT JOIN meters m ON m.team_id = e.team_id AND m.no = e.meter_no
    WHERE (${kinds}::entry_kind[] IS NULL OR e.kind = ANY (${kinds}::entry_kind[]))
      AND (${from}::timestamptz IS NULL OR e.occurred_at >= ${from}::timestamptz)
      AND (${to}::timestamptz IS NULL OR e.occurred_at < ${to}::timestamptz)
    ORDER BY e.seq ${order} LIMIT ${range.limit}`
  return rows.map((row) => ({
    seq: row.seq,
    kind: row.kind,
    detail: row.detail,
    amountNanos: row.amount_nanos,
    balanceAfterNanos: row.balance_after_nanos,
    causeId: row.cause_id,
    occurredAt: row.occurred_at,
  }))
}

const MAX_SEQ = 2n ** 63n - 1n

/** What brought a pool below zero last. Null: it isn't, or something else was it. */
export async function getDebtCause(
  db: Db,
  pool: PoolRef & { balanceNanos: bigint },
): Promise<"refund" | "dispute" | null> {
  if (pool.balanceNanos >= 0n) return null
  const last = await db.entry.findFirst({
    where: {
      teamId: pool.teamId,
      poolNo: pool.no,
      bucket: "credits",
      kind: { in: ["refund", "dispute"] },
      balanceAfterNanos: { lt: 0n },
    },
    orderBy: { seq: "desc" },
    select: { kind: true },
  })
  if (!last) return null
  return last.kind === "dispute" ? "dispute" : "refund"
}

/** The days of usage that say what the present pace is. */
const PACE_DAYS = 14

/** What a pool spends of its credits a day, from its usage within two weeks; null when there is none. */
export async function getDailySpend(db: Db, pool: PoolRef, now: Date): Promise<bigint | null> {
  const since = new Date(now.getTime() - PACE_DAYS * DAY_MS)
  const [row] = await db.$queryRaw<{ spent: bigint | null; first_day: Date | null }[]>`
    SELECT sum(credits_nanos)::bigint AS spent, min(day)::timestamp AT TIME ZONE 'UTC' AS first_day FROM usage_days
    WHERE team_id = ${pool.teamId}::uuid AND pool_id = ${pool.id}::uuid AND day >= (${since} AT TIME ZONE 'UTC')::date
      AND credits_nanos > 0`
  if (!row?.spent || !row.first_day) return null
  // At least a day, so that the first busy hour is not taken for the pace of a whole day.
  const windowMs = Math.max(now.getTime() - Math.max(row.first_day.getTime(), since.getTime()), DAY_MS)
  return (row.spent * BigInt(DAY_MS)) / BigInt(windowMs)
}
