import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { ConflictError, InvalidInputError, NotFoundError } from "@/lib/errors"
import { enqueueFall } from "@/lib/jobs/enqueue-fall"
import { requirePermission } from "@/lib/teams/require-permission"
import type { AutoTopUpCtx } from "./ctx"
import { enqueueTopUp } from "./enqueue-top-up"
import { makeDue } from "./make-due"
import { readDefaultMethod } from "./read-state"
import { recordChange, settingsJson } from "./record-change"
import type { TopUpSettings } from "./schema"
import {
  lockPool,
  lockSettings,
  NO_FAILURES,
  NOT_DUE,
  NOT_PAUSED,
  type PoolRef,
  type StoredSettings,
} from "./store"

type Save = TopUpSettings & { poolId: string; version: number }

export const CHANGED_MEANWHILE =
  "Somebody changed this meanwhile. Close it, look at what is there now, and save again."

/**
 * Saves a pool's settings for an Owner or Admin. `version` is the one that the person saw: with another, `ConflictError`,
 * and nothing is lost. Saved on, the pool is looked at at once; turned on again, a suspension ends. Saved as it was, nothing
 * has changed, and nobody is named for it.
 */
export async function saveSettings(ctx: AutoTopUpCtx, save: Save): Promise<void> {
  const ref = { teamId: ctx.team.id, poolId: save.poolId }
  await ctx.db.$transaction(async (tx) => {
    await requirePermission(tx, { teamId: ctx.team.id, memberId: ctx.actor.memberId }, "auto-top-up:manage")
    await lockPool(tx, ref)
    const known = await lockSettings(tx, ref)
    if ((known?.version ?? 0) !== save.version) throw new ConflictError(CHANGED_MEANWHILE)
    if (save.enabled && !(await readDefaultMethod(tx, ctx.team.id, ctx.now)))
      throw new InvalidInputError("Add a payment method first.", "paymentMethod")
    if (known && isSame(known, save)) return lookAt(tx, ref, ctx.now)
    await write(tx, ctx, ref, { known, save })
    await recordChange(tx, ctx, {
      poolId: save.poolId,
      version: save.version + 1,
      before: known && settingsJson(known),
      after: settingsJson(save),
    })
    await lookAt(tx, ref, ctx.now)
  })
}

const isSame = (known: TopUpSettings, save: TopUpSettings): boolean =>
  known.enabled === save.enabled &&
  known.thresholdNanos === save.thresholdNanos &&
  known.amountNanos === save.amountNanos

async function write(
  tx: Tx,
  { actor, now }: AutoTopUpCtx,
  ref: PoolRef,
  { known, save }: { known: StoredSettings | null; save: Save },
): Promise<void> {
  const { enabled, thresholdNanos, amountNanos } = save
  const settings = { enabled, thresholdNanos, amountNanos, version: save.version + 1, updatedAt: now }
  if (known) {
    const isTurnedOn = enabled && !known.enabled
    await tx.autoTopUpSettings.update({
      where: { teamId_poolId: ref },
      data: {
        ...settings,
        ...NOT_DUE,
        ...(enabled ? { allowedByMemberId: actor.memberId } : {}),
        ...(isTurnedOn ? { ...NO_FAILURES, ...NOT_PAUSED } : {}),
      },
    })
    return
  }
  const isPool = await tx.pool.count({ where: { teamId: ref.teamId, id: ref.poolId } })
  if (isPool === 0) throw new NotFoundError()
  const { count } = await tx.autoTopUpSettings.createMany({
    data: [{ ...ref, ...settings, allowedByMemberId: actor.memberId }],
    skipDuplicates: true,
  })
  if (count === 0) throw new ConflictError(CHANGED_MEANWHILE)
}

/** Ends a suspension or a pause by hand: the same card is charged again. */
export async function resumeTopUps(ctx: AutoTopUpCtx, { poolId }: { poolId: string }): Promise<void> {
  const ref = { teamId: ctx.team.id, poolId }
  await ctx.db.$transaction(async (tx) => {
    await requirePermission(tx, { teamId: ctx.team.id, memberId: ctx.actor.memberId }, "auto-top-up:manage")
    await lockPool(tx, ref)
    const settings = await lockSettings(tx, ref)
    if (!settings) throw new NotFoundError()
    // Somebody else was faster, or another card has ended it.
    if (!settings.suspendedAt && !settings.pausedAt) return
    const version = settings.version + 1
    await tx.autoTopUpSettings.update({
      where: { teamId_poolId: ref },
      data: {
        ...NO_FAILURES,
        ...NOT_PAUSED,
        version,
        allowedByMemberId: ctx.actor.memberId,
        updatedAt: ctx.now,
      },
    })
    const before = settingsJson(settings)
    await recordChange(tx, ctx, { poolId, version, before, after: { ...before, resumed: true } })
    await lookAt(tx, ref, ctx.now)
  })
}

// What a person saves may charge at once; what is on its way is looked at in any case.
async function lookAt(tx: Tx, ref: PoolRef, now: Date): Promise<void> {
  const query = queryIn(tx)
  await enqueueFall(query, ref)
  await makeDue(query, ref, { cause: "save" }, now)
  await enqueueTopUp(query, ref)
}
