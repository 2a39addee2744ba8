import type { Db } from "@/lib/db/client"
import type { Reader } from "@/lib/db/export-connections"
import { Prisma } from "@/lib/db/generated/client"
import type { EntryKind, GrantKind } from "@/lib/db/generated/enums"

/** A pool of a team, by its id and by the number that entries use. */
export type PoolRef = { teamId: string; id: string; no: number }

/** The usage, and on whose account. */
export type RecordedUsage = {
  consumable: string
  quantity: bigint
  /** USD nanos for one whole unit, at the time. */
  rateNanos: bigint
  /** How much of the quantity the plan's allowance covered. */
  allowanceQuantity: bigint
  trigger: string
  memberId: string | null
  apiKeyId: string | null
  usageKey: bigint
  createdAt: Date
}

/** A movement of a pool's bought and given credits. A usage record is one, however many grants paid for it. */
export type Transaction = {
  /** The place of its first entry in `credits`, which names it. */
  seq: bigint
  /** The place of its first entry in either bucket: a usage record begins with what included credits paid. */
  firstSeq: bigint
  lastSeq: bigint
  kind: EntryKind
  detail: string | null
  amountNanos: bigint
  balanceAfterNanos: bigint
  /** The purchase, promotion or period behind it. Null for usage. */
  causeId: string | null
  occurredAt: Date
  /** Null unless it is usage, and for usage from before there were meters. */
  usage: RecordedUsage | null
}

export type TransactionPage = {
  transactions: Transaction[]
  olderBefore: bigint | null
  newerAfter: bigint | null
}

export const TRANSACTIONS_PAGE_SIZE = 50

/** Lists the newest movements of a pool's bought and given credits. Included credits are usage, not transactions. */
export function listRecentTransactions(db: Db, pool: PoolRef, limit: number): Promise<Transaction[]> {
  return listCredits(db, pool, { limit, order: "desc" })
}

/** Returns one page of a pool's transactions, newest first: those before a sequence number, or just after one. */
export async function listTransactionPage(
  db: Db,
  pool: PoolRef,
  cursor: { before?: bigint; after?: bigint },
): Promise<TransactionPage> {
  const forward = cursor.after === undefined
  const rows = await listCredits(db, pool, {
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

/**
 * Returns the page for an address that opens a transaction. The page begins with it if there is no cursor and the
 * newest page lacks it. `cursor` is the page's own.
 */
export async function listTransactionPageAt(
  db: Db,
  pool: PoolRef,
  cursor: { before?: bigint; after?: bigint },
  openSeq: bigint | undefined,
): Promise<TransactionPage & { cursor: { before?: bigint; after?: bigint } }> {
  const page = await listTransactionPage(db, pool, cursor)
  const isHere = openSeq === undefined || page.transactions.some(({ seq }) => seq === openSeq)
  if (isHere || cursor.before !== undefined || cursor.after !== undefined) return { ...page, cursor }
  const own = { before: openSeq + 1n }
  return { ...(await listTransactionPage(db, pool, own)), cursor: own }
}

type Row = Omit<Transaction, "usage"> & Partial<RecordedUsage>

/** Lists the newest or oldest transactions between two places, without either. */
export async function listCredits(
  db: Reader,
  pool: PoolRef,
  range: { before?: bigint; after?: bigint; limit: number; order: "asc" | "desc" },
): Promise<Transaction[]> {
  const order = range.order === "desc" ? Prisma.sql`DESC` : Prisma.sql`ASC`
  const entries = Prisma.sql`SELECT * FROM entries
    WHERE team_id = ${pool.teamId}::uuid AND pool_no = ${pool.no} AND bucket = 'credits'
      AND seq < ${range.before ?? MAX_SEQ} AND seq > ${range.after ?? 0n}
    ORDER BY seq ${order}`
  return readTransactions(db, { entries, conditions: [], order, limit: range.limit })
}

/** Some entries of `credits`, and which of their transactions are wanted. */
export type TransactionSet = {
  entries: Prisma.Sql
  conditions: Prisma.Sql[]
  order: Prisma.Sql
  limit: number
}

/**
 * Reads the transactions among some entries of `credits`. Conditions are about an entry `e`, its meter `m`, and what
 * all its grants `paid`.
 */
export async function readTransactions(db: Reader, wanted: TransactionSet): Promise<Transaction[]> {
  return (await db.$queryRaw<Row[]>(transactionsOf(wanted))).map(toTransaction)
}

/** Reads the transactions of several sets of entries in one statement, set by set. */
export async function readTransactionsOfEach(db: Reader, sets: TransactionSet[]): Promise<Transaction[]> {
  if (sets.length === 0) return []
  const each = sets.map((wanted) => Prisma.sql`(${transactionsOf(wanted)})`)
  return (await db.$queryRaw<Row[]>`${Prisma.join(each, " UNION ALL ")}`).map(toTransaction)
}

function transactionsOf({ entries, conditions, order, limit }: TransactionSet): Prisma.Sql {
  const wanted = conditions.length === 0 ? Prisma.empty : Prisma.sql`AND ${Prisma.join(conditions, " AND ")}`
  // A record begins at its first entry in `credits`; the entries after it there have no key. If included credits paid
  // a part, that part comes before and has the key. The conditions are outside the limit on examined entries.
  return Prisma.sql`
    SELECT e.seq, r.first_seq AS "firstSeq", r.last_seq AS "lastSeq", e.kind, coalesce(e.detail, m.consumable) AS detail,
      coalesce(paid.nanos, e.amount_nanos) AS "amountNanos", coalesce(paid.balance, e.balance_after_nanos) AS "balanceAfterNanos",
      e.cause_id AS "causeId", e.occurred_at AS "occurredAt", m.consumable, r.quantity, m.rate_nanos AS "rateNanos",
      coalesce(r.allowance_quantity, 0) AS "allowanceQuantity", m.trigger, m.member_id AS "memberId",
      m.api_key_id AS "apiKeyId", r.usage_key AS "usageKey", e.created_at AS "createdAt"
    FROM (${entries}) e
    LEFT JOIN usage_reversals v ON e.kind = 'consumption_reversal' AND v.team_id = e.team_id AND v.id = e.cause_id
    LEFT JOIN meters m ON m.team_id = e.team_id AND m.no = coalesce(e.meter_no, v.meter_no)
    CROSS JOIN LATERAL (
      SELECT e.seq AS first_seq, e.seq + coalesce(e.pieces, 1) - 1 AS last_seq, e.quantity, e.allowance_quantity, e.usage_key
      WHERE e.meter_no IS NULL OR e.usage_key IS NOT NULL
      UNION ALL (
        SELECT i.seq, i.seq + coalesce(i.pieces, 1) - 1, i.quantity, i.allowance_quantity, i.usage_key FROM entries i
        WHERE e.meter_no IS NOT NULL AND e.usage_key IS NULL
          AND i.team_id = e.team_id AND i.pool_no = e.pool_no AND i.bucket = 'included' AND i.seq < e.seq AND i.usage_key IS NOT NULL
        ORDER BY i.seq DESC LIMIT 1
      )
      LIMIT 1
    ) r
    LEFT JOIN LATERAL (
      SELECT sum(x.amount_nanos)::bigint AS nanos, (array_agg(x.balance_after_nanos ORDER BY x.seq DESC))[1] AS balance
      FROM entries x
      WHERE r.last_seq > e.seq AND x.team_id = e.team_id AND x.pool_no = e.pool_no AND x.bucket = 'credits'
        AND x.seq BETWEEN e.seq AND r.last_seq
    ) paid ON true
    WHERE NOT (e.meter_no IS NOT NULL AND e.usage_key IS NULL AND EXISTS (
        SELECT FROM entries b WHERE b.team_id = e.team_id AND b.pool_no = e.pool_no AND b.bucket = 'credits' AND b.seq = e.seq - 1
      )) ${wanted}
    ORDER BY e.seq ${order} LIMIT ${limit}`
}

const MAX_SEQ = 2n ** 63n - 1n

/** Field by field, because an export does it for millions of rows. */
function toTransaction(row: Row): Transaction {
  const { seq, firstSeq, lastSeq, kind, detail, amountNanos, balanceAfterNanos, causeId, occurredAt } = row
  const usage = toUsage(row)
  return {
    seq,
    firstSeq,
    lastSeq,
    kind,
    detail,
    amountNanos,
    balanceAfterNanos,
    causeId,
    occurredAt,
    usage,
  }
}

function toUsage(row: Row): RecordedUsage | null {
  const { consumable, quantity, rateNanos, trigger, usageKey, createdAt } = row
  if (!consumable || quantity == null || rateNanos == null || !trigger || usageKey == null || !createdAt)
    return null
  return {
    consumable,
    quantity,
    rateNanos,
    allowanceQuantity: row.allowanceQuantity ?? 0n,
    trigger,
    memberId: row.memberId ?? null,
    apiKeyId: row.apiKeyId ?? null,
    usageKey,
    createdAt,
  }
}

/** One grant's payment for a record. */
export type Payment = {
  seq: bigint
  grantNo: number
  source: GrantKind
  amountNanos: bigint
  expiresAt: Date | null
}

/** Lists the grants that paid for usage, in drawing order, from both buckets. Other transactions have none. */
export async function listPayments(db: Db, pool: PoolRef, transactions: Transaction[]): Promise<Payment[]> {
  const records = transactions.filter(({ usage }) => usage !== null)
  if (records.length === 0) return []
  return db.$queryRaw<Payment[]>`
    SELECT t.seq, g.no AS "grantNo", g.kind AS source, -e.amount_nanos AS "amountNanos", g.expires_at AS "expiresAt"
    FROM unnest(${records.map(({ seq }) => seq)}::bigint[], ${records.map(({ firstSeq }) => firstSeq)}::bigint[],
      ${records.map(({ lastSeq }) => lastSeq)}::bigint[]) AS t (seq, first_seq, last_seq)
    JOIN entries e ON e.team_id = ${pool.teamId}::uuid AND e.pool_no = ${pool.no} AND e.bucket IN ('included', 'credits')
      AND e.seq BETWEEN t.first_seq AND t.last_seq
    JOIN grants g ON g.team_id = e.team_id AND g.pool_id = ${pool.id}::uuid AND g.no = e.grant_no
    ORDER BY t.seq, e.seq`
}
