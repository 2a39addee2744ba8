import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { toPublicId } from "@/lib/ids"
import { toDecimalString } from "@/lib/money/usd"
import { raise } from "@/lib/notifications/raise"
import type { CapturedPurchase } from "./captured-purchase"

/**
 * Tells once of a refund that took credits back, in the transaction that took them. A refund that found nothing left, because
 * a dispute had taken it, isn't told.
 */
export async function tellRefunded(
  { tx, now }: { tx: Tx; now: Date },
  purchase: CapturedPurchase,
  { claimId, amountNanos }: { claimId: string; amountNanos: bigint },
): Promise<void> {
  const { teamId, poolId } = purchase
  const { creditsNanos } = await tx.pool.findUniqueOrThrow({
    where: { teamId_id: { teamId, id: poolId } },
    select: { creditsNanos: true },
  })
  const on = await tx.autoTopUpSettings.count({ where: { teamId, poolId, enabled: true, pausedAt: null } })
  const data = {
    amount: toDecimalString(amountNanos),
    paid: {
      amount: toDecimalString(purchase.capturedNanos),
      at: purchase.settledAt.toISOString(),
      kind: purchase.kind,
    },
    balance: toDecimalString(creditsNanos),
    purchase_id: toPublicId("pur", purchase.id),
    auto_top_up: on > 0,
  }
  await raise(queryIn(tx), { teamId, poolId, type: "credit_refunded", cause: claimId, data }, now)
}
