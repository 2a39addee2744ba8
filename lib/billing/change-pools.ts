import type { Tx } from "@/lib/db/client"
import type { Plan } from "@/lib/db/generated/enums"
import { type Query, queryIn, type Statement } from "@/lib/db/query"
import { newId } from "@/lib/ids"
import { INCLUDED_PRIORITY } from "@/lib/ledger/post"
import { asArrays } from "./allowances-of"
import { keepPaid, type PlaceInPeriod } from "./keep-paid"
import type { BillingPeriod } from "./period"
import { belongsTo, lockPeriods } from "./pool-periods"
import { isLarger, largestPlan, raisedAllowances, raisedCredits } from "./raised-credits"
import { beginPeriod, renewPool } from "./renew-pool"
import type { Terms } from "./terms-at"

export type PoolsChange = {
  /** The team's plan and period. */
  terms: Terms
  /** The subscription's period according to Stripe. */
  period: BillingPeriod
  /** Whether this period was paid for anew, which ends the pools' present one. */
  beginsAnew: boolean
  /** Whether the subscription counts again after the team was on free. */
  comesBack: boolean
  /** When a larger plan was paid for. Null if it wasn't. */
  raisedAt: Date | null
  isRaiseDisputed: boolean
}

const END_PERIOD: Statement = {
  name: "ledger_end_period",
  text: "SELECT ledger_end_period($1::uuid, $2::uuid, $3::timestamptz, $4::timestamptz)",
}
const RAISE_PLAN: Statement = {
  name: "ledger_raise_plan",
  text: `SELECT ledger_raise_plan($1::uuid, $2::uuid, $3::uuid, $4::text::plan, $5::text::plan, $6::bigint, $7::smallint,
    $8::text::text[], $9::text::bigint[], $10::timestamptz)`,
}

/**
 * Brings each of the team's pools in line with its plan and period: begins the new period if one was paid for or the
 * last is over, else adds what a larger plan adds. Withholds what isn't paid, and returns it once it is.
 */
export async function changePools(tx: Tx, teamId: string, change: PoolsChange, now: Date): Promise<void> {
  const query = queryIn(tx)
  for (const pool of await lockPeriods(query, teamId)) {
    const { id: poolId, start, end } = pool
    const ref = { teamId, poolId }
    // A team that has paid sees at once what it gets, not only after a first use.
    if (!start || !end) {
      if (pool.is_drawn) await renewPool(query, ref, now)
    } else if (change.beginsAnew || (change.comesBack && pool.plan === "free"))
      await beginAnew(query, { ...ref, start, end }, change.terms, now)
    else if (end <= now) await renewPool(query, ref, now)
    else await keepUp(query, { ...ref, start, end, pool }, change, now)
  }
}

type Place = BillingPeriod & { teamId: string; poolId: string }

/** Withholds or returns what the present period gives, and raises it to a larger plan. */
async function keepUp(
  query: Query,
  place: Place & PlaceInPeriod,
  change: PoolsChange,
  now: Date,
): Promise<void> {
  const { withheld, plan } = change.terms
  await keepPaid(query, place, { ...change, withheld }, now)
  // The payment for another period, such as the next, which Stripe's clock begins first, says nothing of this one.
  const isWithheld = belongsTo(place.pool, change.period) ? withheld !== null : place.pool.withheld === "all"
  if (change.raisedAt && !isWithheld) await raise(query, place, plan, change.raisedAt, now)
}

async function beginAnew(
  query: Query,
  { teamId, poolId, start, end }: Place,
  terms: PoolsChange["terms"],
  now: Date,
): Promise<void> {
  // Stripe counts whole seconds, by another clock: a period that the pool has just begun may seem to be the later one, or
  // lie ahead of this clock.
  const earliest = start.getTime() + 1
  const begin = new Date(Math.max(terms.start.getTime(), earliest))
  const at = new Date(Math.max(now.getTime(), earliest))
  if (begin < end) await query(END_PERIOD, [teamId, poolId, begin < at ? begin : at, at])
  await beginPeriod(query, { teamId, poolId }, { ...terms, start: begin }, at)
  await renewPool(query, { teamId, poolId }, now)
}

async function raise(
  query: Query,
  { teamId, poolId, start, end, pool }: Place & PlaceInPeriod,
  plan: Plan,
  at: Date,
  now: Date,
): Promise<void> {
  const from = pool.plan && largestPlan(pool.plan, pool.raised_to)
  if (!from || !isLarger(plan, from)) return
  const includedNanos = raisedCredits(from, plan, { start, end }, at)
  const { consumables, quantities } = asArrays(raisedAllowances(from, plan, { start, end }, at))
  const given = [from, plan, includedNanos, INCLUDED_PRIORITY, consumables, quantities]
  await query(RAISE_PLAN, [teamId, poolId, newId(), ...given, now])
}
