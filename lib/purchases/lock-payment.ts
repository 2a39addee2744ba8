import type { CapturedPurchase } from "@/lib/clawbacks/captured-purchase"
import type { Tx } from "@/lib/db/client"
import { lockPurchase } from "./store"

/**
 * Lets one transaction at a time deal with a payment. Taken before the purchase's lock, always: the payment's credit and
 * its refunds may come at once, before either of them is written where the other would look.
 */
export async function lockPayment(tx: Tx, paymentIntentId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${paymentIntentId}, 0))`
}

/** The team's purchase that this payment was credited for, locked until the transaction ends, or null. */
export async function lockCapturedPurchase(
  tx: Tx,
  teamId: string,
  paymentIntentId: string,
): Promise<CapturedPurchase | null> {
  const found = await tx.purchase.findUnique({
    where: { teamId_paymentIntentId: { teamId, paymentIntentId } },
    select: { id: true },
  })
  const purchase = found && (await lockPurchase(tx, { teamId, purchaseId: found.id }))
  if (!purchase || purchase.capturedNanos === null || purchase.settledAt === null) return null
  const { id, poolId, kind, capturedNanos, settledAt } = purchase
  const paidNanos = purchase.paidNanos ?? capturedNanos
  return { teamId, id, poolId, kind, capturedNanos, paidNanos, settledAt, paymentIntentId }
}
