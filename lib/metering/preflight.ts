import type { Consumable } from "@/lib/catalog/schema"
import type { LimitState } from "@/lib/ledger/limits"
import { availableNanos } from "@/lib/ledger/pool-state"
import type { Principal } from "@/lib/pools/who-pays"
import { readCurrentPool, requireTeam } from "./current-pool"
import type { Refusal } from "./find-refusal"
import { LimitBook } from "./limit-book"
import type { Metering } from "./metering"
import { planSpends } from "./plan-spends"
import { readLimitsOf } from "./read-limits-of"
import { type Cause, meterTerms, resolvePayer } from "./resolve-payer"
import { lowThresholdOf, meterOf, poolName } from "./team-context"

export type Preflight = {
  /** The cost now, after the allowance. */
  costNanos: bigint
  /** Why it isn't paid. Null: it is enough. */
  refusal: Refusal | null
  /** The limits that would count it. */
  limits: LimitState[]
  principal: Principal
  pool: { poolId: string; name: string; availableNanos: bigint; renewsAt: Date | null }
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
  const { limits, ...own } = await readLimitsOf(metering.connections.query, team, meter, now, {
    lock: false,
  })
  const { quantity } = usage
  const request = { key: 0n, print: 0, meter, quantity, reportedAt: null, metadata: null, ...own }
  const book = new LimitBook(limits)
  const [outcome] = planSpends(state, [request], lowThresholdOf(team, poolId), false, book).outcomes
  if (!outcome) throw new Error("One request has one outcome")
  return {
    costNanos: "receipt" in outcome ? outcome.receipt.costNanos : outcome.refusal.requiredNanos,
    refusal: "refusal" in outcome ? outcome.refusal : null,
    limits,
    principal,
    pool: {
      poolId,
      name: poolName(team, poolId),
      availableNanos: availableNanos(state),
      renewsAt: state.periodEndsAt === null ? null : new Date(state.periodEndsAt),
    },
  }
}
