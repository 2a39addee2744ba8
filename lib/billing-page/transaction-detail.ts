import { findRunsOf, type RunRef } from "@/lib/agent/queries"
import type { Db } from "@/lib/db/client"
import type { PoolRef, Transaction } from "@/lib/ledger/transactions"
import { type GrantFacts, getGrantFacts, getPaymentFacts, type PaymentFacts } from "./grant-facts"
import { getReversalFacts, type ReversalFacts } from "./reversal-facts"
import { getTransferFacts, type TransferFacts } from "./transfer-facts"
import { getUsageFacts, type UsageFacts } from "./usage-facts"

export type TransactionFacts = UsageFacts & {
  run: RunRef | null
  transfer: TransferFacts | null
  /** Null unless it is a correction. */
  reversal: ReversalFacts | null
  /** Null unless it gave credits. */
  grant: GrantFacts | null
  /** Null unless it is of a payment: a purchase or top-up, its refund or its dispute. */
  payment: PaymentFacts | null
}

const NONE: TransactionFacts = {
  payments: [],
  reversals: [],
  run: null,
  memberName: null,
  keyName: null,
  transfer: null,
  reversal: null,
  grant: null,
  payment: null,
}

/**
 * Returns the facts of one transaction, for whoever may see the pool, in two statements: who used what for which run,
 * and which grants paid; who bought or moved credits, and what became of them; or which usage was taken back, and why.
 */
export async function getTransactionFacts(
  db: Db,
  pool: PoolRef,
  transaction: Transaction,
): Promise<TransactionFacts> {
  const { usage, kind, causeId } = transaction
  if (usage && kind === "consumption") {
    const [facts, runs] = await Promise.all([
      getUsageFacts(db, pool, transaction, usage),
      findRunsOf(db, pool.teamId, [usage]),
    ])
    return { ...NONE, ...facts, run: runs.get(usage.usageKey) ?? null }
  }
  if (!causeId) return NONE
  if (kind === "consumption_reversal") return { ...NONE, reversal: await getReversalFacts(db, pool, causeId) }
  const [grant, transfer, payment] = await Promise.all([
    getGrantFacts(db, pool, transaction),
    kind === "transfer" ? getTransferFacts(db, pool, causeId) : null,
    OF_PAYMENT.has(kind) ? getPaymentFacts(db, pool, causeId) : null,
  ])
  return { ...NONE, grant, transfer, payment }
}

const OF_PAYMENT = new Set<Transaction["kind"]>([
  "purchase",
  "auto_top_up",
  "refund",
  "dispute",
  "dispute_reversal",
])
