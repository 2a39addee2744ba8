import { findPaidPlan } from "@/lib/billing/find-paid-plan"
import type { Db } from "@/lib/db/client"
import type { RefundRead } from "@/lib/stripe/read-refunds"
import { applyClaim, type ClaimApplied } from "./apply-claim"
import { saveRefund } from "./save-refund"

/**
 * Records what was read of a refund at Stripe and takes its credits back, or returns them if it failed: once for each refund,
 * whoever reports it, how often and in which order. It takes them as soon as Stripe knows the refund, because the money is
 * promised from then on. A refund of a plan's payment takes nothing, and its receipt says so. Our own record of the customer
 * decides whose it is.
 */
export async function applyRefund(
  ctx: { db: Db; now: Date },
  { refund, readNo }: { refund: RefundRead; readNo: bigint },
): Promise<ClaimApplied> {
  const plan = await findPaidPlan(ctx.db, refund)
  return applyClaim(ctx, refund, {
    kind: "refund",
    stripeId: refund.stripeRefundId,
    save: (tx, owner) => saveRefund(tx, { ...refund, ...owner, invoiceId: plan?.invoiceId ?? null, readNo }),
  })
}
