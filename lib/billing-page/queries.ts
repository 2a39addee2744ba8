import type { Db } from "@/lib/db/client"
import { getDailySpend, getDebtCause, getFigures } from "@/lib/ledger/queries"
import { listRecentTransactions, type Transaction } from "@/lib/ledger/transactions"
import type { PoolFigures } from "@/lib/money/figures"
import { getPoolOf, listPools, type Pool } from "@/lib/pools/queries"
import { getReceipts, getUnsettledPayments } from "@/lib/purchases/queries"
import { listBillingPeople, type Membership } from "@/lib/teams/queries"

const RECENT_TRANSACTIONS = 5

type WithReceipt<Each> = Each & { receiptUrl: string | null }
export type TransactionWithReceipt = WithReceipt<Transaction>

export type BillingOverview = {
  figures: PoolFigures
  transactions: TransactionWithReceipt[]
  processing: { id: string; amountNanos: bigint; createdAt: Date }[]
  dailySpendNanos: bigint | null
  parkedPayments: number
  debtCause: DebtCause
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

/** Returns the view of one pool that Owners and Admins have. */
export async function getBillingOverview(db: Db, pool: Pool, now: Date): Promise<BillingOverview> {
  const [figures, recent, unsettled, dailySpendNanos, debtCause] = await Promise.all([
    getFigures(db, pool),
    listRecentTransactions(db, pool, RECENT_TRANSACTIONS),
    getUnsettledPayments(db, pool),
    getDailySpend(db, pool, now),
    getDebtCause(db, pool),
  ])
  const transactions = await withReceipts(db, pool.teamId, recent)
  const { processing, parked: parkedPayments } = unsettled
  return { figures, transactions, processing, dailySpendNanos, parkedPayments, debtCause }
}

export type MemberBilling = {
  pool: Pool
  people: { name: string; role: "OWNER" | "ADMIN" | "MEMBER" }[]
  debtCause: DebtCause
}

/** Returns the view that a Member has: the balance of their own pool, and whom to ask. */
export async function getMemberBilling(db: Db, { team, member }: Membership): Promise<MemberBilling | null> {
  const [pool, people] = await Promise.all([getPoolOf(db, team, member.id), listBillingPeople(db, team.id)])
  return pool && { pool, people, debtCause: await getDebtCause(db, pool) }
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
