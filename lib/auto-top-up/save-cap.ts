import type { Tx } from "@/lib/db/client"
import { toDecimalString } from "@/lib/money/usd"
import { enqueueTopUpsOf } from "@/lib/queue/enqueue-top-up"
import type { AutoTopUpCtx } from "./ctx"
import { recordChange } from "./record-change"
import type { SpendCap } from "./schema"

const capJson = (capNanos: bigint | null) => ({ cap: capNanos === null ? null : toDecimalString(capNanos) })

/**
 * Sets the most that auto top-ups of the team may add in a month, or none, under the lock of the cap. What is under way goes
 * on; every pool that the cap has stopped is looked at again. Saved as it was, nothing has changed.
 */
export async function saveCap(
  tx: Tx,
  ctx: AutoTopUpCtx,
  { known, capNanos }: { known: SpendCap; capNanos: bigint | null },
): Promise<void> {
  if (known.capNanos === capNanos) return
  const teamId = ctx.team.id
  const version = known.version + 1
  await tx.spendCap.update({ where: { teamId }, data: { capNanos, version, updatedAt: ctx.now } })
  const change = { before: capJson(known.capNanos), after: capJson(capNanos) }
  await recordChange(tx, ctx, { poolId: null, version, ...change })
  await enqueueTopUpsOf(tx, teamId)
}
