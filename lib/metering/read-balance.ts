import type { Consumable } from "@/lib/catalog/schema"
import type { Statement } from "@/lib/db/query"
import { availableNanos } from "@/lib/ledger/pool-state"
import { isLow } from "@/lib/pools/is-low"
import { readCurrentPool, requireTeam } from "./current-pool"
import type { Metering } from "./metering"
import { lowThresholdOf, poolName } from "./team-context"

export type Balance = {
  poolId: string
  name: string
  balanceNanos: bigint
  availableNanos: bigint
  includedLeftNanos: bigint
  heldNanos: bigint
  /** This period's quantities of everything that the plan gives an allowance of. */
  allowances: { consumable: Consumable; left: bigint; granted: bigint }[]
  renewsAt: Date
  isLow: boolean
  hasAutoTopUp: boolean
}

const READ_ALLOWANCES: Statement = {
  name: "allowances_read",
  text: `SELECT consumable, granted, used FROM allowances
    WHERE team_id = $1::uuid AND pool_id = $2::uuid AND period_starts_at = $3::timestamptz ORDER BY consumable`,
}

type AllowanceRow = { consumable: Consumable; granted: bigint | string; used: bigint | string }

/** Returns what a pool of the team holds now. Throws NotFoundError for another team's. */
export async function readBalance(
  metering: Metering,
  teamId: string,
  poolId: string,
  now: Date,
): Promise<Balance> {
  const team = await requireTeam(metering, teamId)
  const state = await readCurrentPool(metering, team, poolId, now)
  const allowances = await metering.connections.query<AllowanceRow>(READ_ALLOWANCES, [
    teamId,
    poolId,
    new Date(state.periodStartsAt ?? 0),
  ])
  return {
    poolId,
    name: poolName(team, poolId),
    balanceNanos: state.creditsNanos,
    availableNanos: availableNanos(state),
    includedLeftNanos: state.includedNanos,
    heldNanos: state.heldNanos,
    allowances: allowances.map(({ consumable, granted, used }) => ({
      consumable,
      left: BigInt(granted) - BigInt(used),
      granted: BigInt(granted),
    })),
    // Without a period, the first one begins as soon as Stripe has named the team's plan.
    renewsAt: new Date(state.periodEndsAt ?? now),
    isLow: isLow(availableNanos(state), lowThresholdOf(team, poolId)),
    hasAutoTopUp: team.topUps.has(poolId),
  }
}
