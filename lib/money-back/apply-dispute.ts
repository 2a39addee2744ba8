import { findPaidPlan } from "@/lib/billing/find-paid-plan"
import { syncSubscription } from "@/lib/billing/sync-subscription"
import type { Db } from "@/lib/db/client"
import type { DisputeRead } from "@/lib/stripe/read-dispute"
import { applyClaim, type ClaimApplied } from "./apply-claim"
import { saveDispute } from "./save-dispute"
import { tellOpened } from "./tell-opened"

/**
 * Records what was read of a dispute at Stripe, whatever was reported before and in which order. An open or lost dispute takes
 * its amount from the pool, a won one returns it, and an inquiry does neither. A dispute of a plan's payment withholds the rest
 * of the period that it paid for. Our own record of the customer decides whose it is.
 */
export async function applyDispute(
  ctx: { db: Db; now: Date },
  { dispute, readNo }: { dispute: DisputeRead; readNo: bigint },
): Promise<ClaimApplied> {
  const plan = await findPaidPlan(ctx.db, dispute)
  const applied = await applyClaim(ctx, dispute, {
    kind: "dispute",
    stripeId: dispute.stripeDisputeId,
    save: async (tx, owner) => {
      const read = { ...dispute, ...owner, invoiceId: plan?.invoiceId ?? null, readNo }
      const isNews = await saveDispute(tx, read)
      if (isNews) await tellOpened(tx, read, ctx.now)
      return isNews
    },
  })
  // Even if the dispute was known, because the process may have ended in between.
  if (plan) await syncSubscription(ctx, plan.teamId)
  return applied
}
