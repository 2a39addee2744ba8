import type { Withheld } from "@/lib/db/generated/enums"
import type { Query } from "@/lib/db/query"
import { allowancesOf } from "./allowances-of"
import type { BillingPeriod } from "./period"
import { belongsTo, type PoolPeriod } from "./pool-periods"
import { returnPeriod, withholdPeriod } from "./withhold-period"

export type PlaceInPeriod = { teamId: string; poolId: string; pool: PoolPeriod }

export type PaidFor = {
  /** The period that the payments are for. */
  period: BillingPeriod
  /** Why all of it is withheld. Null when the period itself is paid. */
  withheld: Withheld | null
  isRaiseDisputed: boolean
}

/** Leaves a pool's present period exactly what is paid of it: withholds the rest once, and returns it once it is paid. */
export async function keepPaid(
  query: Query,
  { pool, ...ref }: PlaceInPeriod,
  { period, withheld, isRaiseDisputed }: PaidFor,
  now: Date,
): Promise<void> {
  if (!belongsTo(pool, period)) return
  const wanted = withheld ? "all" : isRaiseDisputed && pool.raised_to.length > 0 ? "raised" : null
  if (pool.withheld !== wanted && pool.withheld) await returnPeriod(query, ref, now)
  if (withheld) await withholdPeriod(query, ref, { why: withheld }, now)
  else if (wanted && pool.plan)
    await withholdPeriod(query, ref, { why: "disputed", keeps: allowancesOf(pool.plan) }, now)
}
