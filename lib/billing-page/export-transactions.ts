import { CATALOG, consumableName, isConsumable } from "@/lib/catalog/catalog"
import type { CsvCell } from "@/lib/csv"
import type { Db } from "@/lib/db/client"
import type { Reader } from "@/lib/db/export-connections"
import { toPublicId } from "@/lib/ids"
import { toEntryId } from "@/lib/ledger/entry-id"
import {
  type FoundTransactions,
  listTransactionsBefore,
  type TransactionFilter,
} from "@/lib/ledger/search-transactions"
import type { PoolRef, Transaction } from "@/lib/ledger/transactions"
import { formatQuantity } from "@/lib/metering/quantity"
import { toDecimalString } from "@/lib/money/usd"
import type { Table } from "@/lib/table-file"
import { type Names, namesOf } from "@/lib/usage/export-names"

const COLUMNS = [
  "time",
  "kind",
  "description",
  "amount",
  "balance_after",
  "quantity",
  "unit",
  "rate",
  "allowance",
  "started_by",
  "member",
  "api_key",
  "purchase",
  "reference",
] as const

/**
 * Few enough that a part dies young, which keeps the collector out of the way; a filter costs a look at the daily totals
 * for each part, so that its parts are larger.
 */
const PART = 1_000
const FILTERED_PART = 5_000

type Chosen = {
  pool: PoolRef
  filter: TransactionFilter
  /** The newest entry that belongs to it. The ledger only grows, so the same one gives the same file again. */
  upTo: bigint
}

/** Returns the transactions that fit as a table, newest first. The next part is read while one is written. */
export function transactionTable(
  { db, reader }: { db: Db; reader: Reader },
  { pool, filter, upTo }: Chosen,
): Table<Transaction> {
  const names = namesOf(db, pool.teamId)
  return {
    columns: COLUMNS,
    toCells: (transaction) => toCells(transaction, pool, names),
    parts: readParts(reader, { pool, filter, upTo }, names),
  }
}

async function* readParts(
  reader: Reader,
  { pool, filter, upTo }: Chosen,
  names: Names,
): AsyncGenerator<Transaction[]> {
  const limit = Object.keys(filter).length === 0 ? PART : FILTERED_PART
  const read = (before: bigint): Promise<FoundTransactions> => {
    const part = listTransactionsBefore(reader, pool, {
      ...{ before, filter, limit, mostLookedAt: 4 * limit },
    })
    // Its failure is thrown where it is awaited, if it still is.
    part.catch(() => undefined)
    return part
  }
  let next: Promise<FoundTransactions> | null = read(upTo + 1n)
  while (next) {
    const { transactions, nextBefore }: FoundTransactions = await next
    next = nextBefore === null ? null : read(nextBefore)
    await names.learn(transactions.flatMap(({ usage }) => usage ?? []))
    yield transactions
  }
}

function toCells(
  { seq, kind, detail, amountNanos, balanceAfterNanos, causeId, occurredAt, usage }: Transaction,
  pool: PoolRef,
  names: Names,
): CsvCell[] {
  const isBought = kind === "purchase" || kind === "auto_top_up"
  return [
    occurredAt.toISOString(),
    kind,
    detail && consumableName(detail),
    { number: toDecimalString(amountNanos) },
    { number: toDecimalString(balanceAfterNanos) },
    ...(usage && kind === "consumption"
      ? [
          quantityCell(usage.quantity, usage.consumable),
          unitOf(usage.consumable),
          { number: toDecimalString(usage.rateNanos) },
          quantityCell(usage.allowanceQuantity, usage.consumable),
          usage.trigger,
          usage.memberId && names.member(usage.memberId),
          usage.apiKeyId && names.apiKey(usage.apiKeyId),
        ]
      : NO_USAGE),
    isBought && causeId ? toPublicId("pur", causeId) : null,
    toEntryId({ poolNo: pool.no, seq }),
  ]
}

const NO_USAGE = [null, null, null, null, null, null, null]

/** A consumable that no longer exists has no decimals that we know of. */
export function quantityCell(quantity: bigint, consumable: string): CsvCell {
  return { number: isConsumable(consumable) ? formatQuantity(quantity, consumable) : String(quantity) }
}

export const unitOf = (consumable: string): string | null =>
  isConsumable(consumable) ? CATALOG.consumables[consumable].unit.many : null
