import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { toPublicId } from "@/lib/ids"
import { toDecimalString } from "@/lib/money/usd"
import { raise } from "@/lib/notifications/raise"
import type { NewDispute } from "./save-dispute"
import { reasonInWords } from "./words"

/** Tells once of a dispute that has taken money, in the transaction that records it. An inquiry takes none and isn't told. */
export async function tellOpened(tx: Tx, dispute: NewDispute, now: Date): Promise<void> {
  const { teamId, purchaseId, invoiceId, stripeDisputeId, amountNanos, status } = dispute
  if (status !== "open" && status !== "lost") return
  const purchase =
    purchaseId &&
    (await tx.purchase.findUnique({
      where: { teamId_id: { teamId, id: purchaseId } },
      select: { poolId: true },
    }))
  const why = reasonInWords(dispute.reason)
  const data = {
    amount: toDecimalString(amountNanos),
    reason: why ? `${why}.` : "The bank gave no reason.",
    purchase_id: purchaseId && toPublicId("pur", purchaseId),
    paid_for: purchaseId ? ("credits" as const) : invoiceId ? ("plan" as const) : ("other" as const),
  }
  const poolId = purchase ? purchase.poolId : null
  await raise(
    queryIn(tx),
    { teamId, poolId, type: "credit_dispute_opened", cause: stripeDisputeId, data },
    now,
  )
}
