import { CATALOG } from "@/lib/catalog/catalog"
import { DAY_MS } from "@/lib/clock"
import type { Plan } from "@/lib/db/generated/enums"
import type { Query, Statement } from "@/lib/db/query"
import { NotFoundError } from "@/lib/errors"
import { newId } from "@/lib/ids"
import type { PoolState } from "@/lib/ledger/pool-state"
import { INCLUDED_PRIORITY } from "@/lib/ledger/post"
import { enqueueFall } from "@/lib/queue/enqueue-fall"
import { allowancesOf } from "./allowances-of"
import type { BillingPeriod } from "./period"
import { readTeamTerms } from "./team-terms"
import { type Terms, termsAt } from "./terms-at"
import { type Given, NOTHING, withholdPeriod } from "./withhold-period"

const BEGIN_PERIOD: Statement = {
  name: "ledger_begin_period",
  text: `SELECT ledger_begin_period($1::uuid, $2::uuid, $3::uuid, $4::text::plan, $5::timestamptz, $6::timestamptz, $7::bigint,
    $8::smallint, $9::text::text[], $10::text::bigint[], $11::timestamptz) AS begun`,
}
const EXPIRE: Statement = {
  name: "ledger_expire",
  text: "SELECT ledger_expire($1::uuid, $2::uuid, $3::timestamptz)",
}

const LOCK_POOL: Statement = {
  name: "pools_lock",
  text: "SELECT period_ends_at FROM pools WHERE team_id = $1::uuid AND id = $2::uuid FOR NO KEY UPDATE",
}

/** Whether time has ended something in the pool that isn't written off yet: its period, a hold, or a grant. */
export function isRenewalDue(state: PoolState, now: Date): boolean {
  const at = now.getTime()
  return (
    state.periodEndsAt === null ||
    state.periodEndsAt <= at ||
    (state.holdsExpireAt !== null && state.holdsExpireAt <= at) ||
    state.lots.some(({ expiresAt }) => expiresAt !== null && expiresAt <= at)
  )
}

/**
 * Whether hardly anything is left of a period beyond the pool's last one, as between two subscriptions paid within
 * minutes. Beginning it would give everything twice.
 */
function isRemnant({ start, end }: BillingPeriod, lastEnd: Date | null): boolean {
  return lastEnd !== null && start < lastEnd && end.getTime() - lastEnd.getTime() < DAY_MS
}

/**
 * Begins the pool's present billing period when the last one is over, writes off what has expired, and adds the jobs
 * that tell about what is left. Runs in a transaction, because plan and period are the team's under the pool's lock.
 * Any number of processes may call it at once: each period begins once. While only Stripe can say how it continues,
 * none begins.
 */
export async function renewPool(
  query: Query,
  { teamId, poolId }: { teamId: string; poolId: string },
  now: Date,
): Promise<void> {
  const [pool] = await query<{ period_ends_at: Date | null }>(LOCK_POOL, [teamId, poolId])
  const team = await readTeamTerms(query, teamId)
  if (!team) throw new NotFoundError()
  const terms = termsAt(team, now)
  if (terms && !isRemnant(terms, pool?.period_ends_at ?? null))
    await beginPeriod(query, { teamId, poolId }, terms, now)
  await query(EXPIRE, [teamId, poolId, now])
  await enqueueFall(query, { teamId, poolId })
}

/**
 * Begins this period of the pool with what the plan gives, unless it or a later one was begun or the present one goes
 * on. A withheld period gives nothing until it is returned.
 */
export async function beginPeriod(
  query: Query,
  { teamId, poolId }: { teamId: string; poolId: string },
  { plan, start, end, withheld }: Terms,
  now: Date,
): Promise<void> {
  const gives = withheld ? NOTHING : givenBy(plan)
  const { includedNanos, consumables, quantities } = gives
  const period = [newId(), plan, start, end, includedNanos, INCLUDED_PRIORITY, consumables, quantities]
  const [begun] = await query<{ begun: boolean }>(BEGIN_PERIOD, [teamId, poolId, ...period, now])
  if (begun?.begun && withheld)
    await withholdPeriod(query, { teamId, poolId }, { why: withheld, notGiven: givenBy(plan) }, now)
}

const givenBy = (plan: Plan): Given => ({
  includedNanos: CATALOG.plans[plan].includedNanos,
  ...allowancesOf(plan),
})
