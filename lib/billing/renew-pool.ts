import { CATALOG } from "@/lib/catalog/catalog"
import type { Plan } from "@/lib/db/generated/enums"
import type { Query, Statement } from "@/lib/db/query"
import { NotFoundError } from "@/lib/errors"
import { newId } from "@/lib/ids"
import { enqueueFall } from "@/lib/jobs/enqueue-fall"
import type { PoolState } from "@/lib/ledger/pool-state"
import { INCLUDED_PRIORITY } from "@/lib/ledger/post"
import { billingPeriodAt } from "./period"

const BEGIN_PERIOD: Statement = {
  name: "ledger_begin_period",
  text: `SELECT ledger_begin_period($1::uuid, $2::uuid, $3::uuid, $4::text::plan, $5::timestamptz, $6::timestamptz, $7::bigint,
    $8::smallint, $9::text::text[], $10::text::bigint[], $11::timestamptz)`,
}
const EXPIRE: Statement = {
  name: "ledger_expire",
  text: "SELECT ledger_expire($1::uuid, $2::uuid, $3::timestamptz)",
}

const LOCK_POOL: Statement = {
  name: "pools_lock",
  text: "SELECT 1 FROM pools WHERE team_id = $1::uuid AND id = $2::uuid FOR NO KEY UPDATE",
}
const READ_TERMS: Statement = {
  name: "teams_read_terms",
  text: "SELECT plan, period_anchor FROM teams WHERE id = $1::uuid AND deleted_at IS NULL",
}

/** Whether time has ended something in the pool that is not written off yet: its period, a hold, or a grant. */
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
 * Begins the pool's present billing period when the last one is over, writes off what has expired, and adds the jobs that
 * tell what that leaves. In a transaction, because plan and anchor are those that the team has under the pool's lock. Any
 * number of processes may do so at once: each period begins once.
 */
export async function renewPool(
  query: Query,
  { teamId, poolId }: { teamId: string; poolId: string },
  now: Date,
): Promise<void> {
  await query(LOCK_POOL, [teamId, poolId])
  const [team] = await query<{ plan: Plan; period_anchor: Date }>(READ_TERMS, [teamId])
  if (!team) throw new NotFoundError()
  const { start, end } = billingPeriodAt(team.period_anchor, now)
  const { includedNanos, terms } = CATALOG.plans[team.plan]
  const allowances = Object.entries(terms).filter(([, { allowanceQuantity }]) => allowanceQuantity > 0n)
  await query(BEGIN_PERIOD, [
    teamId,
    poolId,
    newId(),
    team.plan,
    start,
    end,
    includedNanos,
    INCLUDED_PRIORITY,
    `{${allowances.map(([consumable]) => consumable).join(",")}}`,
    `{${allowances.map(([, { allowanceQuantity }]) => allowanceQuantity).join(",")}}`,
    now,
  ])
  await query(EXPIRE, [teamId, poolId, now])
  await enqueueFall(query, { teamId, poolId })
}
