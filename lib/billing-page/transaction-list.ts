import type { Db } from "@/lib/db/client"
import {
  getTransactionAt,
  listTransactionsBefore,
  type TransactionFilter,
} from "@/lib/ledger/search-transactions"
import { listCredits, listTransactionPageAt, type PoolRef, type Transaction } from "@/lib/ledger/transactions"
import { type FoundTransaction, findTransactions } from "@/lib/usage/find-transactions"

/** A transaction as a list shows it. */
export type ListedTransaction = Pick<
  Transaction,
  "seq" | "kind" | "detail" | "amountNanos" | "balanceAfterNanos" | "causeId" | "occurredAt"
> & { poolId: string /** Where a list is of several pools. */; holder: string | null }

type Cursor = { before?: bigint; after?: bigint }

export type TransactionList = {
  listed: ListedTransaction[]
  /** The page's own, which an address that opens a transaction keeps. */
  cursor: Cursor
  older: Cursor | null
  newer: Cursor | null
  /** Whether there may be more where the page ends early. */
  isShort: boolean
  opened: Transaction | null
}

type Asked = { cursor: Cursor; openSeq: bigint | undefined }

const PAGE_SIZE = 50

/** Returns one page of a pool's transactions that fit a filter, and the one that is opened. */
export async function listFiltered(
  db: Db,
  pool: PoolRef,
  filter: TransactionFilter,
  { cursor, openSeq }: Asked,
): Promise<TransactionList> {
  const isFiltered = Object.keys(filter).length > 0
  const own = (each: Transaction) => ({ ...each, poolId: pool.id, holder: null })
  if (!isFiltered) {
    const page = await listTransactionPageAt(db, pool, cursor, openSeq)
    return {
      listed: page.transactions.map(own),
      cursor: page.cursor,
      older: page.olderBefore === null ? null : { before: page.olderBefore },
      newer: page.newerAfter === null ? null : { after: page.newerAfter },
      isShort: false,
      opened: await openIn(db, pool, page.transactions, openSeq),
    }
  }
  const page = await listTransactionsBefore(db, pool, {
    ...{ before: cursor.before ?? null, limit: PAGE_SIZE, filter },
  })
  return {
    listed: page.transactions.map(own),
    cursor,
    older: page.nextBefore === null ? null : { before: page.nextBefore },
    newer: cursor.before === undefined ? null : {},
    isShort: page.nextBefore !== null && page.transactions.length < PAGE_SIZE,
    opened: await openIn(db, pool, page.transactions, openSeq),
  }
}

/** Returns the transactions of any of the team's pools that a reference names. The opened one is of the given pool. */
export async function listReferred(
  db: Db,
  pool: PoolRef,
  reference: string,
  openSeq: bigint | undefined,
): Promise<TransactionList> {
  const found: FoundTransaction[] = await findTransactions(db, pool.teamId, reference)
  return {
    ...{ listed: found, cursor: {}, older: null, newer: null, isShort: false },
    opened: await openIn(db, pool, [], openSeq),
  }
}

async function openIn(
  db: Db,
  pool: PoolRef,
  transactions: Transaction[],
  openSeq: bigint | undefined,
): Promise<Transaction | null> {
  if (openSeq === undefined) return null
  return transactions.find(({ seq }) => seq === openSeq) ?? (await getTransactionAt(db, pool, openSeq))
}

export type Neighbours = { newer: bigint | null; older: bigint | null }

/** Returns the transactions beside one: in the list, or where that ends and holds all of the pool's, in the ledger. */
export async function findNeighbours(
  db: Db,
  pool: PoolRef,
  seq: bigint,
  { listed, isWhole }: { listed: { seq: bigint }[]; isWhole: boolean },
): Promise<Neighbours> {
  const place = listed.findIndex((each) => each.seq === seq)
  const newer = listed[place - 1]?.seq ?? null
  const older = (place >= 0 && listed[place + 1]?.seq) || null
  if (!isWhole || (newer !== null && older !== null)) return { newer, older }
  const [after, before] = await Promise.all([
    newer === null ? listCredits(db, pool, { after: seq, limit: 2, order: "asc" }) : [],
    older === null ? listCredits(db, pool, { before: seq, limit: 1, order: "desc" }) : [],
  ])
  // The entries after a record's first may be its own.
  return {
    newer: newer ?? after.find((each) => each.firstSeq > seq)?.seq ?? null,
    older: older ?? before[0]?.seq ?? null,
  }
}
