import type { Tx } from "@/lib/db/client"
import {
  NO_FAILURES,
  NOT_DUE,
  NOT_PAUSED,
  type PoolRef,
  type StoredSettings,
} from "@/lib/top-up-settings/settings"
import type { AutoTopUpCtx } from "./ctx"
import { recordChange, settingsJson } from "./record-change"
import type { TopUpSettings } from "./schema"

type Save = TopUpSettings & { version: number }

/**
 * Writes a pool's settings and who made them, under their lock. Turning it on again ends a suspension and a pause.
 * Unchanged settings change nothing and record nobody.
 */
export async function writeSettings(
  tx: Tx,
  ctx: AutoTopUpCtx,
  ref: PoolRef,
  { known, save }: { known: StoredSettings | null; save: Save },
): Promise<void> {
  if (known && isSame(known, save)) return
  const { enabled, thresholdNanos, amountNanos } = save
  const version = save.version + 1
  const memberId = ctx.actor.memberId
  const settings = { enabled, thresholdNanos, amountNanos, version, updatedAt: ctx.now }
  if (known) {
    const isTurnedOn = enabled && !known.enabled
    await tx.autoTopUpSettings.update({
      where: { teamId_poolId: ref },
      data: {
        ...settings,
        ...NOT_DUE,
        ...(enabled ? { allowedByMemberId: memberId } : {}),
        ...(isTurnedOn ? { ...NO_FAILURES, ...NOT_PAUSED } : {}),
      },
    })
  } else await tx.autoTopUpSettings.create({ data: { ...ref, ...settings, allowedByMemberId: memberId } })
  const [before, after] = [known && settingsJson(known), settingsJson(save)]
  await recordChange(tx, ctx, { poolId: ref.poolId, version, before, after })
}

const isSame = (known: TopUpSettings, save: TopUpSettings): boolean =>
  known.enabled === save.enabled &&
  known.thresholdNanos === save.thresholdNanos &&
  known.amountNanos === save.amountNanos
