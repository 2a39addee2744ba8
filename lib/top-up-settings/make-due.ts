import type { Tx } from "@/lib/db/client"
import { type Query, queryIn, type Statement } from "@/lib/db/query"
import { enqueueOnWrite } from "@/lib/queue/enqueue"
import { enqueueTopUpsOf, topUpKey } from "@/lib/queue/enqueue-top-up"
import type { DueCause, PoolRef } from "./settings"

const MAKE_DUE: Statement = {
  name: "auto_top_up_make_due",
  text: `SELECT 1 WHERE auto_top_up_make_due($1::uuid, $2::uuid, $3, $4::bigint, $5::timestamptz)`,
}

/**
 * Makes a pool due, if this cause may, and schedules a look at it, in one statement. A pool that is already due stays
 * as it is, so a thousand causes write no more than one. `needsNanos` is the price of a refused request, which makes
 * the pool due only if one top-up lets it pass.
 */
export async function makeDue(
  query: Query,
  { teamId, poolId }: PoolRef,
  { cause, needsNanos = null }: { cause: DueCause; needsNanos?: bigint | null },
  now: Date,
): Promise<void> {
  const values = [teamId, poolId, cause, needsNanos, now]
  const key = topUpKey(poolId)
  await enqueueOnWrite(query, { statement: MAKE_DUE, values }, "top-up-pool", { teamId, poolId }, { key })
}

/** Makes pools that failed due with the team's new default payment method, and schedules a look at all of its pools. */
export async function makeDueByNewCard(tx: Tx, teamId: string, now: Date): Promise<void> {
  const failed = await tx.autoTopUpSettings.findMany({
    where: { teamId, enabled: true, failures: { gt: 0 } },
    orderBy: { poolId: "asc" },
    select: { poolId: true },
  })
  for (const { poolId } of failed) await makeDue(queryIn(tx), { teamId, poolId }, { cause: "new_card" }, now)
  await enqueueTopUpsOf(tx, teamId)
}
