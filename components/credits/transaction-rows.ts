import type { TransactionKind } from "@/components/credits/transaction-kinds"
import type { Transaction } from "@/components/credits/transaction-row"
import { consumableName } from "@/lib/catalog/catalog"

type LedgerTransaction = {
  seq: bigint
  kind: TransactionKind
  detail: string | null
  amountNanos: bigint
  balanceAfterNanos: bigint
  occurredAt: Date
  receiptUrl: string | null
}

/** Puts a transaction of the ledger into the list's words. */
export function toTransactionRow(transaction: LedgerTransaction, href: string): Transaction {
  const { seq, kind, detail, amountNanos, balanceAfterNanos, occurredAt, receiptUrl } = transaction
  return {
    id: seq.toString(),
    kind,
    amountNanos,
    balanceAfterNanos,
    occurredAt: occurredAt.toISOString(),
    detail: detail && consumableName(detail),
    receiptUrl,
    href,
  }
}
