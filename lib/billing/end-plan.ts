import type { Tx } from "@/lib/db/client"
import type { Plan } from "@/lib/db/generated/enums"
import { queryIn } from "@/lib/db/query"
import { allowancesOf } from "./allowances-of"
import { keepPaid, type PaidFor } from "./keep-paid"
import { belongsTo, lockPeriods } from "./pool-periods"
import { renewPool } from "./renew-pool"
import { fallBack } from "./withhold-period"

/**
 * Gives each of the team's pools what its subscription's end leaves: nothing of a period that wasn't paid but the
 * allowances of the plan that the team has come down to. What a paid period has left stays to its end, and is withheld
 * while the payment is disputed.
 */
export async function endPlan(
  tx: Tx,
  teamId: string,
  { plan, ...paid }: PaidFor & { plan: Plan },
  now: Date,
): Promise<void> {
  const query = queryIn(tx)
  for (const pool of await lockPeriods(query, teamId)) {
    const ref = { teamId, poolId: pool.id }
    if (!pool.end || pool.end <= now) {
      if (pool.end) await renewPool(query, ref, now)
      continue
    }
    await keepPaid(query, { ...ref, pool }, paid, now)
    if (paid.withheld && belongsTo(pool, paid.period)) await fallBack(query, ref, allowancesOf(plan), now)
  }
}
