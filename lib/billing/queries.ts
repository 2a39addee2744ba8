import type { Db } from "@/lib/db/client"
import { getDailySpend, getDebtCause, listRecentTransactions, type Transaction } from "@/lib/ledger/queries"
import { getPoolOf, listPools, type Pool } from "@/lib/pools/queries"
import { countParkedPayments, getReceipts, listProcessingPurchases } from "@/lib/purchases/queries"
import { listBillingPeople, type Membership } from "@/lib/teams/queries"

const RECENT_TRANSACTIONS = 5

export type TransactionWithReceipt = Transaction & { receiptUrl: string | null }

export type BillingOverview = {
  pools: Pool[]
  pool: Pool
  transactions: TransactionWithReceipt[]
  processing: { id: string; amountNanos: bigint; createdAt: Date }[]
  dailySpendNanos: bigint | null
  parkedPayments: number
  debtCause: DebtCause
}

/** What brought the balance below zero; null while it isn't. */
type DebtCause = "refund" | "dispute" | null

/** The pools of the team and the chosen one, the Owner's or the shared one unless another is named. Null: no such pool. */
export async function choosePool(
  db: Db,
  team: Membership["team"],
  poolId: string | null,
): Promise<{ pools: Pool[]; pool: Pool } | null> {
  const pools = await listPools(db, team)
  const pool = poolId === null ? pools[0] : pools.find(({ id }) => id === poolId)
  return pool ? { pools, pool } : null
}

/** What an Owner or Admin sees of billing: every pool, one of them in detail. Null: the team has no such pool. */
export async function getBillingOverview(
  db: Db,
  team: Membership["team"],
  poolId: string | null,
  now: Date,
): Promise<BillingOverview | null> {
  const chosen = await choosePool(db, team, poolId)
  if (!chosen) return null
  const { pool } = chosen
  const [recent, processing, dailySpendNanos, parkedPayments, debtCause] = await Promise.all([
    listRecentTransactions(db, pool, RECENT_TRANSACTIONS),
    listProcessingPurchases(db, pool),
    getDailySpend(db, pool, now),
    countParkedPayments(db, team.id),
    getDebtCause(db, pool),
  ])
  const transactions = await withReceipts(db, team.id, recent)
  return { ...chosen, transactions, processing, dailySpendNanos, parkedPayments, debtCause }
}

export type MemberBilling = {
  pool: Pool
  people: { name: string; role: "OWNER" | "ADMIN" | "MEMBER" }[]
  debtCause: DebtCause
}

/** What a Member sees: the own pool's balance, and whom to ask. */
export async function getMemberBilling(db: Db, { team, member }: Membership): Promise<MemberBilling | null> {
  const [pool, people] = await Promise.all([getPoolOf(db, team, member.id), listBillingPeople(db, team.id)])
  return pool && { pool, people, debtCause: await getDebtCause(db, pool) }
}

/** Adds Stripe's receipt to each purchase. */
export async function withReceipts(
  db: Db,
  teamId: string,
  transactions: Transaction[],
): Promise<TransactionWithReceipt[]> {
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
