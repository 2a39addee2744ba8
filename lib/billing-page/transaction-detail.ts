import { findRunsOf, type RunRef } from "@/lib/agent/queries"
import type { Db } from "@/lib/db/client"
import { listPayments, type Payment, type PoolRef, type Transaction } from "@/lib/ledger/transactions"
import { getMemberNames } from "@/lib/teams/names"
import { getTransferFacts, type TransferFacts } from "./transfer-facts"

export type TransactionFacts = {
  payments: Payment[]
  run: RunRef | null
  memberName: string | null
  keyName: string | null
  transfer: TransferFacts | null
}

const NONE: TransactionFacts = { payments: [], run: null, memberName: null, keyName: null, transfer: null }

/**
 * Returns the facts of one transaction, for whoever may see the pool: who used what for which run, and which grants paid;
 * or who moved credits, and for which request.
 */
export async function getTransactionFacts(
  db: Db,
  pool: PoolRef,
  transaction: Transaction,
): Promise<TransactionFacts> {
  const { usage, kind, causeId } = transaction
  if (kind === "transfer" && causeId) return { ...NONE, transfer: await getTransferFacts(db, pool, causeId) }
  if (!usage) return NONE
  const [payments, runs, names, key] = await Promise.all([
    listPayments(db, pool, [transaction]),
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
    run: runs.get(usage.usageKey) ?? null,
    memberName: (usage.memberId && names?.get(usage.memberId)) ?? null,
    keyName: key?.name ?? null,
  }
}
