import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { announce } from "@/lib/live/announce"
import type { PoolRef } from "@/lib/top-up-settings/settings"
import { tellOfCap } from "@/lib/top-up-settings/tell-of-cap"
import type { Decision, TopUpState } from "./decide"

/** Reasons not worth recording: nothing was to be done, or it is being done. */
const NOT_KEPT = new Set(["off", "not_low", "not_due", "attempt_open"])

/**
 * Records a decision, so that people can see why a pool was or wasn't topped up. A repeated answer only moves its
 * last time.
 */
export async function recordDecision(
  tx: Tx,
  { teamId, poolId }: PoolRef,
  {
    decision,
    state,
    purchaseId,
    now,
  }: { decision: Decision; state: TopUpState; purchaseId: string | null; now: Date },
): Promise<void> {
  const reason = decision.kind === "charge" ? "charge" : decision.reason
  if (NOT_KEPT.has(reason)) return
  const until = decision.kind === "no" ? decision.until : null
  const { availableNanos: balanceNanos, thresholdNanos, amountNanos } = state
  const last = await tx.autoTopUpDecision.findFirst({
    where: { teamId, poolId },
    orderBy: [{ decidedAt: "desc" }, { id: "desc" }],
    select: { id: true, reason: true },
  })
  if (last && last.reason === reason && reason !== "charge") {
    await tx.autoTopUpDecision.update({
      where: { teamId_id: { teamId, id: last.id } },
      data: { balanceNanos, thresholdNanos, amountNanos, until, lastDecidedAt: now, times: { increment: 1 } },
    })
    return
  }
  if (reason === "cap_reached") await tellOfCap(tx, teamId, now, { hasStopped: true })
  await tx.autoTopUpDecision.create({
    data: {
      teamId,
      poolId,
      reason,
      balanceNanos,
      thresholdNanos,
      amountNanos,
      purchaseId,
      until,
      decidedAt: now,
      lastDecidedAt: now,
    },
  })
  await announce(queryIn(tx), teamId)
}
