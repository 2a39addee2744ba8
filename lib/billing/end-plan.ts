import type { Tx } from "@/lib/db/client"
import type { Plan } from "@/lib/db/generated/enums"
import { queryIn } from "@/lib/db/query"
import { allowancesOf } from "./allowances-of"
import { keepPaid, type PaidFor } from "./keep-paid"
import { belongsTo, lockPeriods } from "./pool-periods"
import { renewPool } from "./renew-pool"
import { fallBack } from "./withhold-period"

/**
 * Gives each of the team's pools what remains after its subscription's end. An unpaid period leaves nothing but the
 * allowances of the plan that the team has come down to. The rest of a paid period stays to its end, and is withheld
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
