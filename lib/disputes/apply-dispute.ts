import { applyClaim, type ClaimApplied } from "@/lib/clawbacks/apply-claim"
import type { Db } from "@/lib/db/client"
import type { DisputeRead } from "@/lib/stripe/read-dispute"
import { saveDispute } from "./store"
import { tellOpened } from "./tell-opened"

/**
 * Writes down what was read of a dispute at Stripe. An open or lost one has taken its amount back from the pool, a won one
 * has returned it, an inquiry has done neither, whatever was reported before and in which order. Whose it is, our own
 * record of the customer says.
 */
export function applyDispute(
  ctx: { db: Db; now: Date },
  { dispute, readNo }: { dispute: DisputeRead; readNo: bigint },
): Promise<ClaimApplied> {
  return applyClaim(ctx, dispute, {
    kind: "dispute",
    stripeId: dispute.stripeDisputeId,
    save: async (tx, owner) => {
      const read = { ...dispute, ...owner, readNo }
      const isNews = await saveDispute(tx, read)
      if (isNews) await tellOpened(tx, read, ctx.now)
      return isNews
    },
  })
}
