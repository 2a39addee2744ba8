import { CATALOG } from "@/lib/catalog/catalog"
import type { Plan } from "@/lib/db/generated/enums"
import type { Query, Statement } from "@/lib/db/query"
import { newId } from "@/lib/ids"
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
 * Begins the pool's present billing period unless it has begun, and writes off what has expired. Any number of processes
 * may do so at once: each period begins once.
 */
export async function renewPool(
  query: Query,
  pool: { teamId: string; poolId: string; plan: Plan; periodAnchor: Date },
  now: Date,
): Promise<void> {
  const { start, end } = billingPeriodAt(pool.periodAnchor, now)
  const { includedNanos, terms } = CATALOG.plans[pool.plan]
  const allowances = Object.entries(terms).filter(([, { allowanceQuantity }]) => allowanceQuantity > 0n)
  await query(BEGIN_PERIOD, [
    pool.teamId,
    pool.poolId,
    newId(),
    pool.plan,
    start,
    end,
    includedNanos,
    INCLUDED_PRIORITY,
    `{${allowances.map(([consumable]) => consumable).join(",")}}`,
    `{${allowances.map(([, { allowanceQuantity }]) => allowanceQuantity).join(",")}}`,
    now,
  ])
  await query(EXPIRE, [pool.teamId, pool.poolId, now])
}
