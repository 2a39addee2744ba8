import { toDecimalString } from "@/lib/money/usd"
import { inLockedTeam, recordTeamChange, type TeamSettingsCtx } from "./ctx"

/**
 * Sets the balance at or below which a pool without auto top-up is low, from the next use on. Owners and Admins only.
 */
export async function saveLowBalance(
  ctx: TeamSettingsCtx,
  { threshold }: { threshold: bigint },
): Promise<void> {
  await inLockedTeam(ctx, "team:manage", async (tx) => {
    const where = { id: ctx.team.id }
    const former = await tx.team.findUniqueOrThrow({
      where,
      select: { name: true, lowBalanceThresholdNanos: true },
    })
    if (former.lowBalanceThresholdNanos === threshold) return
    await tx.team.update({ where, data: { lowBalanceThresholdNanos: threshold } })
    await recordTeamChange(tx, ctx, {
      kind: "team.low_balance_changed",
      name: former.name,
      before: { threshold: toDecimalString(former.lowBalanceThresholdNanos) },
      after: { threshold: toDecimalString(threshold) },
    })
  })
}
