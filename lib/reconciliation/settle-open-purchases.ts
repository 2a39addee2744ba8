import { keepsOthers } from "@/lib/db/keeps-others"
import { settlePurchase } from "@/lib/purchases/settle-purchase"
import type { RunCtx } from "./tally"

type Unsettled = { teamId: string; purchaseId: string }

/**
 * Asks Stripe about each purchase that is still under way: those that are processing, and those whose checkout should
 * have ended. Payments made meanwhile are credited.
 */
export async function settleOpenPurchases(ctx: RunCtx): Promise<void> {
  for (let after: Unsettled | null = null; ; ) {
    const page: Unsettled[] = await listUnsettled(ctx, after)
    for (const { teamId, purchaseId } of page) {
      const purchase = await keepsOthers("reconciliation_repair_failed", { object: purchaseId }, () =>
        settlePurchase(ctx, { teamId, purchaseId }),
      )
      if (purchase === "failed" || purchase?.status !== "succeeded" || !purchase.paymentIntentId) continue
      ctx.tally.add(teamId, purchase.paymentIntentId, "repaired")
    }
    if (page.length > 0) await ctx.tally.file()
    after = page.at(-1) ?? null
    if (!after) return
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
