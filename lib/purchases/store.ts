import type { Tx } from "@/lib/db/client"
import type { StoredPurchase } from "./find-purchase"

export async function findByRequestKey(
  tx: Tx,
  teamId: string,
  requestKey: string,
): Promise<StoredPurchase | null> {
  return tx.purchase.findUnique({ where: { teamId_requestKey: { teamId, requestKey } } })
}

export type NewPurchase = Pick<
  StoredPurchase,
  | "teamId"
  | "id"
  | "poolId"
  | "kind"
  | "amountNanos"
  | "requestedByMemberId"
  | "requestKey"
  | "createdAt"
  | "expiresAt"
>

/** Records the purchase. Writes nothing and returns false if its request key is taken. */
export async function insertPurchase(tx: Tx, purchase: NewPurchase): Promise<boolean> {
  const { count } = await tx.purchase.createMany({ data: [purchase], skipDuplicates: true })
  return count === 1
}

export type Capture = {
  paymentIntentId: string
  capturedNanos: bigint
  paidNanos: bigint | null
  receiptUrl: string | null
}

/** Records that Stripe captured the payment of a locked purchase. The ledger entry belongs in the same transaction. */
export async function markSucceeded(
  tx: Tx,
  purchase: StoredPurchase,
  capture: Capture,
  now: Date,
): Promise<void> {
  await tx.purchase.update({
    where: { teamId_id: { teamId: purchase.teamId, id: purchase.id } },
    data: { ...capture, status: "succeeded", settledAt: now, failureReason: null },
  })
}

/** Records a parked payment once. A second report changes nothing. */
export async function insertParked(
  tx: Tx,
  parked: {
    paymentIntentId: string
    teamId: string | null
    amountMinor: bigint
    currency: string
    reason: string
  },
): Promise<void> {
  await tx.parkedPayment.createMany({ data: [parked], skipDuplicates: true })
}
