import { findRunsOf, type RunRef } from "@/lib/agent/queries"
import type { Db } from "@/lib/db/client"
import { listPayments, type Payment, type PoolRef, type Transaction } from "@/lib/ledger/transactions"
import { getMemberNames } from "@/lib/teams/names"
import {
  getReversalFacts,
  listReversalsOf,
  type ReversalFacts,
  type ReversalOfRecord,
} from "./reversal-facts"
import { getTransferFacts, type TransferFacts } from "./transfer-facts"

export type TransactionFacts = {
  payments: Payment[]
  run: RunRef | null
  memberName: string | null
  keyName: string | null
  transfer: TransferFacts | null
  /** Taken back of a usage record. */
  reversals: ReversalOfRecord[]
  /** Null unless it is a correction. */
  reversal: ReversalFacts | null
}

const NONE: TransactionFacts = {
  payments: [],
  run: null,
  memberName: null,
  keyName: null,
  transfer: null,
  reversals: [],
  reversal: null,
}

/**
 * Returns the facts of one transaction, for whoever may see the pool: who used what for which run, and which grants paid;
 * who moved credits, and for which request; or which usage was taken back, and why.
 */
export async function getTransactionFacts(
  db: Db,
  pool: PoolRef,
  transaction: Transaction,
): Promise<TransactionFacts> {
  const { usage, kind, causeId } = transaction
  if (kind === "transfer" && causeId) return { ...NONE, transfer: await getTransferFacts(db, pool, causeId) }
  if (kind === "consumption_reversal" && causeId)
    return { ...NONE, reversal: await getReversalFacts(db, pool, causeId) }
  if (!usage) return NONE
  const [payments, reversals, runs, names, key] = await Promise.all([
    listPayments(db, pool, [transaction]),
    listReversalsOf(db, pool, usage.usageKey),
    findRunsOf(db, pool.teamId, [usage]),
    usage.memberId ? getMemberNames(db, pool.teamId, [usage.memberId]) : null,
    usage.apiKeyId
      ? db.apiKey.findUnique({
          where: { teamId_id: { teamId: pool.teamId, id: usage.apiKeyId } },
          select: { name: true },
        })
      : null,
  ])
  return {
    ...NONE,
    payments,
    reversals,
    run: runs.get(usage.usageKey) ?? null,
    memberName: (usage.memberId && names?.get(usage.memberId)) ?? null,
    keyName: key?.name ?? null,
  }
}
