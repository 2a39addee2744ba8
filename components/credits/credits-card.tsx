import Link from "next/link"
import type { ReactNode } from "react"
import { BalanceSummary } from "@/components/credits/balance-summary"
import { debtInWords, emptyInWords, paceInWords } from "@/components/credits/balance-words"
import { ProcessingRefresher } from "@/components/credits/processing-refresher"
import type { ProcessingPurchase, Transaction } from "@/components/credits/transaction-row"
import { TransactionsList } from "@/components/credits/transactions-list"
import { Amount } from "@/components/ui/amount"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { Icon } from "@/components/ui/icon"
import { Notice } from "@/components/ui/notice"

export type CreditsPool = {
  id: string
  balanceNanos: bigint
  lifetimeAddedNanos: bigint
  lifetimeSpentNanos: bigint
  isLow: boolean
  /** How long the balance lasts at the present pace; null when there is too little usage to say. */
  pace?: { days: number } | null
  /** Why the balance is below zero, if it is. */
  debtCause?: "refund" | "dispute" | null
  /** If nothing is left to pay with: when what the plan includes renews. */
  emptyUntil?: string | null
}

type CreditsCardProps = {
  pool: CreditsPool
  /** Newest first; the card shows five. */
  transactions: Transaction[]
  processing: ProcessingPurchase[]
  historyHref: string
  purchaseButton: ReactNode
  /** Between the lifetime figures and the transactions. */
  children?: ReactNode
  now: string
}

const TITLE_ID = "credits-title"
const ROWS = 5

/** For those who may see everything and purchase. A Member gets `MemberCreditsCard`. */
export function CreditsCard(props: CreditsCardProps) {
  const { pool, transactions, processing, historyHref, purchaseButton, children, now } = props
  const isNew = transactions.length === 0 && processing.length === 0 && pool.balanceNanos === 0n
  return (
    <Card labelledBy={TITLE_ID}>
      <CardHeader action={purchaseButton}>
        <CardTitle id={TITLE_ID}>Credits</CardTitle>
      </CardHeader>
      <CardSection className="flex flex-col gap-5">
        <BalanceSummary
          balanceNanos={pool.balanceNanos}
          // Who has nothing yet, or nothing left, is told that instead.
          isLow={pool.isLow && !isNew && !pool.emptyUntil && pool.balanceNanos >= 0n}
          poolId={pool.id}
          remark={isNew ? "No credits yet" : paceInWords(pool)}
        />
        {isNew && (
          <p className="max-w-[60ch] text-muted">
            Credits pay for usage beyond what your plan includes. Add some, and agents, chat and API calls go
            on when the included part is used up.
          </p>
        )}
        {pool.balanceNanos < 0n && <Notice tone="danger">{debtInWords(pool.debtCause)}</Notice>}
        {pool.emptyUntil && (
          <Notice title="Out of credits" tone="warning">
            {emptyInWords(pool.emptyUntil, true)}
          </Notice>
        )}
        {!isNew && <LifetimeFigures pool={pool} />}
      </CardSection>
      {children}
      {!isNew && (
        <CardSection
          action={
            <Link
              className="inline-flex items-center gap-1.5 rounded-lg py-1 text-caption font-medium text-accent underline-offset-4 hover:underline"
              href={historyHref}
            >
              History
              <Icon name="forward" />
            </Link>
          }
          divided
          title="Recent Transactions"
        >
          {processing.length > 0 && <ProcessingRefresher />}
          <TransactionsList
            caption="Recent Transactions"
            now={now}
            processing={processing}
            transactions={transactions.slice(0, ROWS)}
          />
        </CardSection>
      )}
    </Card>
  )
}

function LifetimeFigures({ pool }: { pool: CreditsPool }) {
  return (
    <dl className="flex flex-wrap gap-x-12 gap-y-2">
      <div className="flex gap-2">
        <dt className="text-muted">Lifetime added</dt>
        <dd className="font-medium">
          <Amount nanos={pool.lifetimeAddedNanos} />
        </dd>
      </div>
      <div className="flex gap-2">
        <dt className="text-muted">Lifetime spent</dt>
        <dd className="font-medium">
          <Amount nanos={pool.lifetimeSpentNanos} />
        </dd>
      </div>
    </dl>
  )
}
