import type { Consumable } from "@/lib/catalog/schema"
import { availableNanos } from "@/lib/ledger/pool-state"
import type { Principal } from "@/lib/pools/who-pays"
import { readCurrentPool, requireTeam } from "./current-pool"
import type { Metering } from "./metering"
import { planSpends } from "./plan-spends"
import { type Cause, meterTerms, resolvePayer } from "./resolve-payer"
import { lowThresholdOf, meterOf, poolName } from "./team-context"

export type Preflight = {
  /** The cost now, after the allowance. */
  costNanos: bigint
  enough: boolean
  principal: Principal
  pools: { poolId: string; name: string; availableNanos: bigint; renewsAt: Date | null }[]
}

/** Returns who would pay for this usage, and whether it is enough. Writes nothing but a period that is due. */
export async function preflight(
  metering: Metering,
  teamId: string,
  usage: { consumable: Consumable; quantity: bigint; cause: Cause },
  now: Date,
): Promise<Preflight> {
  const team = await requireTeam(metering, teamId)
  const { principal, poolId, memberId } = resolvePayer(team, usage.cause)
  const meter = await meterOf(
    metering.connections.query,
    team,
    meterTerms(usage.consumable, usage.cause, memberId),
  )
  const state = await readCurrentPool(metering, team, poolId, now)
  const request = { key: 0n, print: 0, meter, quantity: usage.quantity, reportedAt: null, metadata: null }
  const [outcome] = planSpends(state, [request], lowThresholdOf(team, state.poolId)).outcomes
  if (!outcome) throw new Error("One request has one outcome")
  return {
    costNanos: "receipt" in outcome ? outcome.receipt.costNanos : outcome.refusal.requiredNanos,
    enough: "receipt" in outcome,
    principal,
    pools: [
      {
        poolId,
        name: poolName(team, poolId),
        availableNanos: availableNanos(state),
        renewsAt: state.periodEndsAt === null ? null : new Date(state.periodEndsAt),
      },
    ],
  }
}
