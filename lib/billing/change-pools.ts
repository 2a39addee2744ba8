import type { Tx } from "@/lib/db/client"
import type { Plan } from "@/lib/db/generated/enums"
import { type Query, queryIn, type Statement } from "@/lib/db/query"
import { newId } from "@/lib/ids"
import { INCLUDED_PRIORITY } from "@/lib/ledger/post"
import { allowancesOf } from "./allowances-of"
import type { BillingPeriod } from "./period"
import { isLarger, largestPlan, raisedCredits } from "./raised-credits"
import { beginPeriod, renewPool } from "./renew-pool"

export type PoolsChange = {
  /** The plan and period that the team is in. */
  terms: BillingPeriod & { plan: Plan }
  /** Whether this period was paid for anew: then the pools' present one ends. */
  beginsAnew: boolean
  /** When a larger plan was paid for, if it was; null: not yet. */
  raisedAt: Date | null
}

type PoolPeriod = {
  id: string
  period_starts_at: Date | null
  period_ends_at: Date | null
  plan: Plan | null
  raised_to: Plan[]
}

const LOCK_POOLS: Statement = {
  name: "pools_lock_of_team",
  text: "SELECT 1 FROM pools WHERE team_id = $1::uuid ORDER BY id FOR NO KEY UPDATE",
}
const READ_PERIODS: Statement = {
  name: "pools_read_periods",
  text: `SELECT p.id, p.period_starts_at, p.period_ends_at, d.plan::text,
      ARRAY(SELECT c.to_plan::text FROM plan_changes c
        WHERE c.team_id = p.team_id AND c.pool_id = p.id AND c.period_starts_at = p.period_starts_at) AS raised_to
    FROM pools p LEFT JOIN periods d ON d.team_id = p.team_id AND d.pool_id = p.id AND d.starts_at = p.period_starts_at
    WHERE p.team_id = $1::uuid ORDER BY p.id`,
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
 * Gives each of the team's pools what its plan and period have become: the new period if one was paid for or the last is
 * over, else what a larger plan adds. A pool that nobody has used yet begins its first period by itself.
 */
export async function changePools(tx: Tx, teamId: string, change: PoolsChange, now: Date): Promise<void> {
  const query = queryIn(tx)
  await query(LOCK_POOLS, [teamId])
  for (const pool of await query<PoolPeriod>(READ_PERIODS, [teamId])) {
    const { id: poolId, period_starts_at: start, period_ends_at: end } = pool
    if (!start || !end) continue
    if (change.beginsAnew) await beginAnew(query, { teamId, poolId, start, end }, change.terms, now)
    else if (end <= now) await renewPool(query, { teamId, poolId }, now)
    else if (change.raisedAt)
      await raise(query, { teamId, poolId, start, end, pool }, change.terms.plan, change.raisedAt, now)
  }
}

type Place = BillingPeriod & { teamId: string; poolId: string }

async function beginAnew(
  query: Query,
  { teamId, poolId, start, end }: Place,
  terms: PoolsChange["terms"],
  now: Date,
): Promise<void> {
  // Stripe counts whole seconds, by another clock: a period that the pool has just begun may seem to be the later one.
  const begin = new Date(Math.max(terms.start.getTime(), start.getTime() + 1))
  if (begin < end) await query(END_PERIOD, [teamId, poolId, begin < now ? begin : now, now])
  await beginPeriod(query, { teamId, poolId }, { ...terms, start: begin }, now)
  await renewPool(query, { teamId, poolId }, now)
}

async function raise(
  query: Query,
  { teamId, poolId, start, end, pool }: Place & { pool: PoolPeriod },
  plan: Plan,
  at: Date,
  now: Date,
): Promise<void> {
  const from = pool.plan && largestPlan(pool.plan, pool.raised_to)
  if (!from || !isLarger(plan, from)) return
  const includedNanos = raisedCredits(from, plan, { start, end }, at)
  const { consumables, quantities } = allowancesOf(plan)
  const given = [from, plan, includedNanos, INCLUDED_PRIORITY, consumables, quantities]
  await query(RAISE_PLAN, [teamId, poolId, newId(), ...given, now])
}
