import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import type { EntryKind } from "@/lib/db/generated/enums"

export type Transaction = {
  seq: bigint
  kind: EntryKind
  detail: string | null
  amountNanos: bigint
  balanceAfterNanos: bigint
  causeId: string
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

type PoolRef = { teamId: string; id: string }

function listCreditEntries(
  db: Db,
  pool: PoolRef,
  range: { before?: bigint; after?: bigint; limit: number; order: "asc" | "desc" },
): Promise<Transaction[]> {
  const seq =
    range.before !== undefined
      ? { lt: range.before }
      : range.after !== undefined
        ? { gt: range.after }
        : { gt: 0n }
  return db.entry.findMany({
    where: { teamId: pool.teamId, poolId: pool.id, bucket: "credits", seq },
    select: {
      seq: true,
      kind: true,
      detail: true,
      amountNanos: true,
      balanceAfterNanos: true,
      causeId: true,
      occurredAt: true,
    },
    orderBy: { seq: range.order },
    take: range.limit,
  })
}

/** How many of the newest usages say what the present pace is. */
const PACE_ENTRIES = 500

/** What a pool spends a day, from its latest usage within two weeks; null when there is none. */
export async function getDailySpend(db: Db, pool: PoolRef, now: Date): Promise<bigint | null> {
  const [row] = await db.$queryRaw<{ spent: bigint | null; since: Date | null; entries: bigint }[]>`
    SELECT sum(-latest.amount_nanos)::bigint AS spent, min(latest.occurred_at) AS since, count(*) AS entries FROM (
      SELECT amount_nanos, occurred_at FROM entries
      WHERE team_id = ${pool.teamId}::uuid AND pool_id = ${pool.id}::uuid AND bucket = 'credits' AND kind = 'consumption'
      ORDER BY seq DESC LIMIT ${PACE_ENTRIES}
    ) latest WHERE latest.occurred_at > ${new Date(now.getTime() - 14 * DAY_MS)}`
  if (!row?.spent || !row.since) return null
  // At least a day, so that the first busy hour is not taken for the pace of a whole day; unless there was so much usage
  // that less than a day says enough.
  const spanMs = Math.max(now.getTime() - row.since.getTime(), 1)
  const windowMs = row.entries < PACE_ENTRIES ? Math.max(spanMs, DAY_MS) : spanMs
  return (row.spent * BigInt(DAY_MS)) / BigInt(windowMs)
}
