import type { Tx } from "@/lib/db/client"
import { lockPool, lockSettings, NOT_DUE } from "@/lib/top-up-settings/settings"
import type { AutoTopUpCtx } from "./ctx"
import { recordChange, settingsJson } from "./record-change"

/**
 * Turns a pool's auto top-up off because of something else than a save, under the team's lock. A top-up under way goes
 * on. Changes nothing that is off already.
 */
export async function turnOffTopUps(tx: Tx, ctx: AutoTopUpCtx, poolId: string): Promise<void> {
  const ref = { teamId: ctx.team.id, poolId }
  await lockPool(tx, ref)
  const known = await lockSettings(tx, ref)
  if (!known?.enabled) return
  const version = known.version + 1
  await tx.autoTopUpSettings.update({
    where: { teamId_poolId: ref },
    data: { ...NOT_DUE, enabled: false, version, updatedAt: ctx.now },
  })
  const [before, after] = [settingsJson(known), settingsJson({ ...known, enabled: false })]
  await recordChange(tx, ctx, { poolId, version, before, after })
}
