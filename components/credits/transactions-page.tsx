import type { ReactNode } from "react"
import type { Transaction } from "@/components/credits/transaction-row"
import { TransactionsList } from "@/components/credits/transactions-list"
import { PageHeader } from "@/components/shell/page-header"
import { BackLink } from "@/components/ui/back-link"
import { Card, CardSection } from "@/components/ui/card"
import { Pager } from "@/components/ui/pager"

type TransactionsPageProps = {
  transactions: Transaction[]
  /** Names the pool's holder, where the team has several pools. */
  poolName: string | null
  opened: { id: string; detail: ReactNode } | null
  backHref: string
  newerHref: string | null
  olderHref: string | null
  now: string
}

/** The full list of a pool's transactions, a page at a time. */
export function TransactionsPage(props: TransactionsPageProps) {
  const { transactions, poolName, opened, backHref, newerHref, olderHref, now } = props
  return (
    <>
      <BackLink href={backHref}>Billing</BackLink>
      <PageHeader description={poolName ? `Pool of ${poolName}` : undefined} title="Transactions" />
      <div className="flex flex-col gap-4">
        <Card>
          <CardSection>
            <TransactionsList
              caption="Transactions"
              now={now}
              opened={opened}
              showHeaders
              transactions={transactions}
            />
          </CardSection>
        </Card>
        <Pager label="Pages of transactions" newerHref={newerHref} olderHref={olderHref} />
      </div>
    </>
  )
}
