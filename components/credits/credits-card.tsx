import type { ReactNode } from "react"
import { BalanceSummary } from "@/components/credits/balance-summary"
import { debtInWords, emptyInWords, includedInWords } from "@/components/credits/balance-words"
import { FiguresList } from "@/components/credits/figures-list"
import { PoolChooser, type PoolEntry } from "@/components/credits/pool-chooser"
import { ProcessingRefresher } from "@/components/credits/processing-refresher"
import type { ProcessingPurchase, Transaction } from "@/components/credits/transaction-row"
import { TransactionsList } from "@/components/credits/transactions-list"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"
import { Notice } from "@/components/ui/notice"
import type { PoolFigures } from "@/lib/money/figures"
import { formatBalance, isDebt } from "@/lib/money/usd"

export type CreditsPool = {
  id: string
  balanceNanos: bigint
  figures: PoolFigures
  /** The included credits left, and when they expire. Null when there are none. */
  included?: { nanos: bigint; until: string } | null
  isLow: boolean
  /** Why the balance is below zero, if it is. */
  debtCause?: "refund" | "dispute" | null
  /** When the plan's included credits renew, if nothing is left to pay with. */
  emptyUntil?: string | null
}

type CreditsCardProps = {
  /** Whose credits: "Ada Marlow’s credits". */
  title: string
  pool: CreditsPool
  /** All pools of the team, where it has several. */
  pools: PoolEntry[]
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

/** For people who may see everything and purchase. A Member gets `MemberCreditsCard`. */
export function CreditsCard(props: CreditsCardProps) {
  const { title, pool, pools, transactions, processing, historyHref, purchaseButton, children, now } = props
  const isNew = transactions.length === 0 && processing.length === 0 && pool.balanceNanos === 0n
  return (
    <Card labelledBy={TITLE_ID}>
      <CardHeader action={pools.length > 1 && <TeamTotal pools={pools} />}>
        <CardTitle id={TITLE_ID}>{pools.length > 1 ? <PoolChooser title={title} /> : title}</CardTitle>
      </CardHeader>
      <CardSection className="flex flex-col gap-5">
        <BalanceSummary
          action={purchaseButton}
          balanceNanos={pool.balanceNanos}
          // A pool that is new or empty says that instead.
          isLow={pool.isLow && !isNew && !pool.emptyUntil && !isDebt(pool.balanceNanos)}
          poolId={pool.id}
          remarks={[isNew && "No credits yet", includedInWords(pool.included, now)]}
        />
        {isNew && (
          <p className="max-w-[60ch] text-muted">
            Credits pay for usage beyond what your plan includes. Add some, and agents, chat and API calls go
            on when the included part is used up.
          </p>
        )}
        {isDebt(pool.balanceNanos) && <Notice tone="danger">{debtInWords(pool.debtCause)}</Notice>}
        {pool.emptyUntil && (
          <Notice title="Out of credits" tone="warning">
            {emptyInWords(pool.emptyUntil, true)}
          </Notice>
        )}
        {!isNew && <FiguresList figures={pool.figures} />}
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

function TeamTotal({ pools }: { pools: PoolEntry[] }) {
  const total = pools.reduce((sum, { balanceNanos }) => sum + balanceNanos, 0n)
  return (
    <p className="shrink-0 text-right text-caption text-muted">
      Team total{" "}
      <span className="font-medium whitespace-nowrap tabular-nums text-text">{formatBalance(total)}</span>
    </p>
  )
}
