"use client"

import {
  type ProcessingPurchase,
  ProcessingRow,
  type Transaction,
  TransactionRow,
} from "@/components/credits/transaction-row"
import { classNames } from "@/components/ui/class-names"
import { EmptyState } from "@/components/ui/empty-state"
import { COLUMN_HEADER_ROLE, ROW_GROUP_ROLE, ROW_ROLE, TABLE_ROLE } from "@/components/ui/table-roles"

type TransactionsListProps = {
  /** Read by screen readers. The page has its own visible title. */
  caption: string
  transactions: Transaction[]
  processing?: ProcessingPurchase[]
  /** A full page needs column titles; the card doesn't. */
  showHeaders?: boolean
  emptyTitle?: string
  emptyText?: string
  now: string
}

export function TransactionsList(props: TransactionsListProps) {
  const { caption, transactions, processing = [], showHeaders = false, now } = props
  const { emptyTitle = "No transactions yet", emptyText = "Purchases and what usage costs appear here." } =
    props
  if (transactions.length + processing.length === 0)
    return <EmptyState title={emptyTitle}>{emptyText}</EmptyState>
  return (
    <table {...TABLE_ROLE} className="relative block w-full border-collapse sm:table">
      <caption className="sr-only">{caption}</caption>
      <thead {...ROW_GROUP_ROLE} className={classNames("max-sm:sr-only", !showHeaders && "sr-only")}>
        <tr {...ROW_ROLE} className="text-caption text-muted">
          <ColumnHeader>Type</ColumnHeader>
          <ColumnHeader>Details</ColumnHeader>
          <ColumnHeader right>Amount</ColumnHeader>
          <ColumnHeader right>Balance</ColumnHeader>
        </tr>
      </thead>
      <tbody
        {...ROW_GROUP_ROLE}
        className={classNames(
          "block sm:table-row-group",
          showHeaders && "max-sm:[&>tr:first-child]:border-t-0 max-sm:[&>tr:first-child]:pt-0",
        )}
      >
        {processing.map((purchase) => (
          <ProcessingRow key={purchase.id} now={now} purchase={purchase} />
        ))}
        {transactions.map((transaction) => (
          <TransactionRow key={transaction.id} now={now} transaction={transaction} />
        ))}
      </tbody>
    </table>
  )
}

function ColumnHeader({ children, right = false }: { children: string; right?: boolean }) {
  return (
    <th
      {...COLUMN_HEADER_ROLE}
      className={classNames("pb-2 font-medium", right ? "text-right" : "text-left")}
      scope="col"
    >
      {children}
    </th>
  )
}
