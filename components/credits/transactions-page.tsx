import type { ReactNode } from "react"
import type { Transaction } from "@/components/credits/transaction-row"
import { type OpenedTransaction, TransactionSheet } from "@/components/credits/transaction-sheet"
import { TransactionsList } from "@/components/credits/transactions-list"
import { PageHeader } from "@/components/shell/page-header"
import { BackLink } from "@/components/ui/back-link"
import { Card, CardSection } from "@/components/ui/card"
import { EmptyState } from "@/components/ui/empty-state"
import { Pager } from "@/components/ui/pager"

type TransactionsPageProps = {
  transactions: Transaction[]
  /** Names the pool's holder, where the team has several pools. */
  poolName: string | null
  /** Search and filter. */
  bar: ReactNode
  /** The export. */
  action?: ReactNode
  /** Says why nothing is listed. Null where there is nothing yet. */
  empty: { title: string; text: string } | null
  opened: OpenedTransaction | null
  backHref: string
  newerHref: string | null
  olderHref: string | null
  /** Of a filtered list only the way back to its beginning is known. */
  pagerWords?: { newer: string; older: string }
  now: string
}

/** The full list of a pool's transactions, a page at a time. */
export function TransactionsPage(props: TransactionsPageProps) {
  const {
    transactions,
    poolName,
    bar,
    action,
    empty,
    opened,
    backHref,
    newerHref,
    olderHref,
    pagerWords,
    now,
  } = props
  return (
    <>
      <BackLink href={backHref}>Billing</BackLink>
      <PageHeader
        action={action}
        description={poolName ? `Pool of ${poolName}` : undefined}
        title="Transactions"
      />
      <div className="flex flex-col gap-4">
        {bar}
        <Card>
          <CardSection>
            {transactions.length === 0 && empty ? (
              <EmptyState title={empty.title}>{empty.text}</EmptyState>
            ) : (
              <TransactionsList caption="Transactions" now={now} showHeaders transactions={transactions} />
            )}
          </CardSection>
        </Card>
        <Pager label="Pages of transactions" newerHref={newerHref} olderHref={olderHref} words={pagerWords} />
      </div>
      {opened && <TransactionSheet now={now} opened={opened} />}
    </>
  )
}
