import type { Tx } from "@/lib/db/client"
import type { Plan, Withheld } from "@/lib/db/generated/enums"
import { queryIn } from "@/lib/db/query"
import { allowancesOf } from "./allowances-of"
import type { BillingPeriod } from "./period"
import { belongsTo, lockPeriods } from "./pool-periods"
import { renewPool } from "./renew-pool"
import { fallBack, withholdPeriod } from "./withhold-period"

/**
 * Gives each of the team's pools what its subscription's end leaves: nothing of a period that wasn't paid but the
 * allowances of the plan that the team has come down to. What a paid period has left stays to its end.
 */
export async function endUnpaid(
  tx: Tx,
  teamId: string,
  { period, withheld, plan }: { period: BillingPeriod; withheld: Withheld | null; plan: Plan },
  now: Date,
): Promise<void> {
  const query = queryIn(tx)
  for (const pool of await lockPeriods(query, teamId)) {
    const ref = { teamId, poolId: pool.id }
    if (!pool.end || pool.end <= now) {
      if (pool.end) await renewPool(query, ref, now)
      continue
    }
    if (!withheld || !belongsTo(pool, period)) continue
    await withholdPeriod(query, ref, { why: withheld }, now)
    await fallBack(query, ref, allowancesOf(plan), now)
  }
}
