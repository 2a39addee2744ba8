import { ConflictError, NotFoundError } from "@/lib/errors"
import { toDecimalString } from "@/lib/money/usd"
import { requirePermission } from "@/lib/teams/require-permission"
import type { AutoTopUpCtx } from "./ctx"
import { enqueueTopUpsOf } from "./enqueue-top-up"
import { recordChange } from "./record-change"
import { CHANGED_MEANWHILE } from "./save-settings"
import { lockCap } from "./store"

const capJson = (capNanos: bigint | null) => ({ cap: capNanos === null ? null : toDecimalString(capNanos) })

/**
 * Sets the most that auto top-ups of the team may add in a month, or none. What is under way goes on; every pool that the
 * cap has stopped is looked at again. `version` is the one that the person saw: with another, `ConflictError`.
 */
export async function saveCap(
  ctx: AutoTopUpCtx,
  { capNanos, version }: { capNanos: bigint | null; version: number },
): Promise<void> {
  const teamId = ctx.team.id
  await ctx.db.$transaction(async (tx) => {
    await requirePermission(tx, { teamId, memberId: ctx.actor.memberId }, "auto-top-up:manage")
    const known = await lockCap(tx, teamId)
    if (!known) throw new NotFoundError()
    if (known.version !== version) throw new ConflictError(CHANGED_MEANWHILE)
    if (known.capNanos === capNanos) return
    await tx.spendCap.update({
      where: { teamId },
      data: { capNanos, version: version + 1, updatedAt: ctx.now },
    })
    const change = { before: capJson(known.capNanos), after: capJson(capNanos) }
    await recordChange(tx, ctx, { poolId: null, version: version + 1, ...change })
    await enqueueTopUpsOf(tx, teamId)
  })
}
