import Link from "next/link"
import type { Transaction } from "@/components/credits/transaction-row"
import { TransactionsList } from "@/components/credits/transactions-list"
import { PageHeader } from "@/components/shell/page-header"
import { Card, CardSection } from "@/components/ui/card"
import { Icon } from "@/components/ui/icon"
import { Pager } from "@/components/ui/pager"

type TransactionsPageProps = {
  transactions: Transaction[]
  /** Whose pool it is, where the team has several. */
  poolName: string | null
  backHref: string
  newerHref: string | null
  olderHref: string | null
  now: string
}

/** The whole list of a pool's movements, a page at a time. */
export function TransactionsPage(props: TransactionsPageProps) {
  const { transactions, poolName, backHref, newerHref, olderHref, now } = props
  return (
    <>
      <Link
        className="mb-3 inline-flex items-center gap-1.5 rounded-lg text-caption font-medium text-accent underline-offset-4 hover:underline"
        href={backHref}
      >
        <Icon name="back" />
        Billing
      </Link>
      <PageHeader description={poolName ? `Pool of ${poolName}` : undefined} title="Transactions" />
      <div className="flex flex-col gap-4">
        <Card>
          <CardSection>
            <TransactionsList
              caption="Transactions"
              now={now}
              precision="exact"
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
