import { isPassingFailure } from "@/lib/db/failures"
import { UnavailableError } from "@/lib/errors"
import { alarm } from "@/lib/log"
import { settlePurchase } from "@/lib/purchases/settle-purchase"
import type { RunCtx } from "./tally"

type Unsettled = { teamId: string; purchaseId: string }

/**
 * Asks Stripe about each purchase that is still under way: those that are processing, and those whose checkout should
 * have ended. What was paid meanwhile is credited.
 */
export async function settleOpenPurchases(ctx: RunCtx): Promise<void> {
  for (let after: Unsettled | null = null; ; ) {
    const page: Unsettled[] = await listUnsettled(ctx, after)
    for (const { teamId, purchaseId } of page) {
      const purchase = await settle(ctx, { teamId, purchaseId })
      if (purchase?.status !== "succeeded" || !purchase.paymentIntentId) continue
      ctx.tally.add(teamId, purchase.paymentIntentId, "repaired")
    }
    if (page.length > 0) await ctx.tally.file()
    after = page.at(-1) ?? null
    if (!after) return
  }
}

async function settle(ctx: RunCtx, ref: Unsettled) {
  try {
    return await settlePurchase(ctx, ref)
  } catch (error) {
    if (error instanceof UnavailableError || isPassingFailure(error)) throw error
    // One purchase that can't be settled keeps no other from it.
    alarm("reconciliation_repair_failed", {
      purchase: ref.purchaseId,
      reason: error instanceof Error ? error.message : String(error),
    })
    return null
  }
}

function listUnsettled({ db, run, now }: RunCtx, after: Unsettled | null): Promise<Unsettled[]> {
  return db.$queryRaw<Unsettled[]>`
    SELECT team_id AS "teamId", id AS "purchaseId" FROM purchases
    WHERE status IN ('open', 'processing') AND (status = 'processing' OR expires_at < ${now})
      AND (${run.teamId}::uuid IS NULL OR team_id = ${run.teamId}::uuid)
      AND (${after?.teamId ?? null}::uuid IS NULL
        OR (team_id, id) > (${after?.teamId ?? null}::uuid, ${after?.purchaseId ?? null}::uuid))
    ORDER BY team_id, id LIMIT 100`
}
