import { type Approvals, approvalsRead } from "@/lib/auto-top-up/approval-queries"
import { type AutoTopUp, getAutoTopUp, topUpReads } from "@/lib/auto-top-up/queries"
import { type CreditsToGive, creditsToGiveRead } from "@/lib/credit-requests/queries"
import type { Db } from "@/lib/db/client"
import { readAlone, readTogether } from "@/lib/db/read-together"
import { debtCauseRead, figuresRead } from "@/lib/ledger/queries"
import { listRecentTransactions, type Transaction } from "@/lib/ledger/transactions"
import type { PoolFigures } from "@/lib/money/figures"
import { type PaymentMethod, paymentMethodsRead } from "@/lib/payment-methods/queries"
import { getPoolOf, listPools, type Pool } from "@/lib/pools/queries"
import { getReceipts, unsettledPaymentsRead } from "@/lib/purchases/queries"
import { type ReconciliationState, reconciliationStateRead } from "@/lib/reconciliation/queries"
import { can } from "@/lib/teams/permissions"
import { listBillingPeople, type Membership } from "@/lib/teams/queries"
import { type MonthSpend, monthSpendRead } from "@/lib/usage/month-spend"
import { type BalanceOverTime, balanceOverTime, balanceReads } from "./balance-over-time"

const RECENT_TRANSACTIONS = 5

type WithReceipt<Each> = Each & { receiptUrl: string | null }
export type TransactionWithReceipt = WithReceipt<Transaction>

export type Overview = {
  figures: PoolFigures
  transactions: TransactionWithReceipt[]
  processing: { id: string; amountNanos: bigint; createdAt: Date }[]
  balance: BalanceOverTime
  parkedPayments: number
  debtCause: DebtCause
  toGive: CreditsToGive
  autoTopUp: AutoTopUp
  approvals: Approvals
  paymentMethods: PaymentMethod[]
  monthSpend: MonthSpend
  /** Null for those who don't see it. */
  reconciliation: ReconciliationState | null
}

/** The cause of a balance below zero. Null while it isn't. */
type DebtCause = "refund" | "dispute" | null

export type ChosenPool = { pools: Pool[]; pool: Pool }

/**
 * Returns the team's pools and the chosen one: by default the pool that the reader draws from. Null if the team has no such
 * pool.
 */
export async function choosePool(
  db: Db,
  { team, member }: Membership,
  poolId: string | null,
): Promise<ChosenPool | null> {
  const pools = await listPools(db, team)
  const pool =
    poolId === null
      ? (pools.find(({ holder }) => holder === null || holder.memberId === member.id) ?? pools[0])
      : pools.find(({ id }) => id === poolId)
  return pool ? { pools, pool } : null
}

/**
 * Returns the view of one pool that Owners and Admins have. Everything that needs no look at other rows first is one
 * statement.
 */
export async function getOverview(
  db: Db,
  { team, member }: Membership,
  pool: Pool,
  now: Date,
): Promise<Overview> {
  const ref = { teamId: team.id, poolId: pool.id }
  const [read, recent] = await Promise.all([
    readTogether(db, {
      figures: figuresRead(pool),
      ...balanceReads(pool, now),
      debtCause: debtCauseRead(pool),
      unsettled: unsettledPaymentsRead(pool),
      toGive: creditsToGiveRead({ ...ref, memberId: member.id }),
      approvals: approvalsRead(team.id, now),
      paymentMethods: paymentMethodsRead(team.id, now),
      monthSpend: monthSpendRead(team.id, now),
      reconciliation: can(member.role, "reconciliation:view") ? reconciliationStateRead(team.id) : null,
      ...topUpReads(ref),
    }),
    listRecentTransactions(db, pool, RECENT_TRANSACTIONS),
  ])
  const { unsettled, settings, cap, days, terms, ...rest } = read
  const [transactions, autoTopUp] = await Promise.all([
    withReceipts(db, team.id, recent),
    getAutoTopUp(db, ref, now, { settings, cap }),
  ])
  return {
    ...rest,
    balance: balanceOverTime(pool, { days, terms }, now),
    transactions,
    autoTopUp,
    processing: unsettled.processing,
    parkedPayments: unsettled.parked,
  }
}

export type MemberBilling = {
  pool: Pool
  people: { name: string; role: "OWNER" | "ADMIN" | "MEMBER" }[]
  debtCause: DebtCause
}

/** Returns the view that a Member has: the balance of their own pool, and whom to ask. */
export async function getMemberBilling(db: Db, { team, member }: Membership): Promise<MemberBilling | null> {
  const [pool, people] = await Promise.all([getPoolOf(db, team, member.id), listBillingPeople(db, team.id)])
  if (!pool) return null
  const debtCause = debtCauseRead(pool)
  return { pool, people, debtCause: debtCause && (await readAlone(db, debtCause)) }
}

/** Adds Stripe's receipt to each purchase. */
export async function withReceipts<Each extends Pick<Transaction, "kind" | "causeId">>(
  db: Db,
  teamId: string,
  transactions: Each[],
): Promise<WithReceipt<Each>[]> {
  const bought = transactions.filter(({ kind }) => kind === "purchase" || kind === "auto_top_up")
  const receipts = await getReceipts(
    db,
    teamId,
    bought.flatMap(({ causeId }) => causeId ?? []),
  )
  return transactions.map((transaction) => ({
    ...transaction,
    receiptUrl: (transaction.causeId && receipts.get(transaction.causeId)) ?? null,
  }))
}
