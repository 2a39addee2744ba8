import type { Tx } from "@/lib/db/client"
import { toDecimalString } from "@/lib/money/usd"
import { enqueueTopUpsOf } from "@/lib/queue/enqueue-top-up"
import type { AutoTopUpCtx } from "./ctx"
import { recordChange } from "./record-change"
import type { SpendCap } from "./schema"

const capJson = (capNanos: bigint | null) => ({ cap: capNanos === null ? null : toDecimalString(capNanos) })

/**
 * Sets the most that the team's auto top-ups may add in a month, or no limit, under the cap's lock. Top-ups under way
 * go on, and every pool that the cap has stopped is looked at again. Saving an unchanged cap changes nothing.
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
