import { isRenewalDue, renewPool } from "@/lib/billing/renew-pool"
import type { Query } from "@/lib/db/query"
import { NotFoundError } from "@/lib/errors"
import { lockPoolState, type PoolState, readPoolStates } from "@/lib/ledger/pool-state"
import { TeamChangedError } from "./errors"
import type { Metering } from "./metering"
import { readTeamVersion, type TeamContext } from "./team-context"

/** A pool as it is now, in its present period. */
export async function readCurrentPool(
  metering: Metering,
  team: TeamContext,
  poolId: string,
  now: Date,
): Promise<PoolState> {
  const states = await readPoolStates(metering.connections.query, team.teamId, [poolId], { lock: false })
  const state = states.get(poolId)
  if (!state) throw new NotFoundError()
  if (!isRenewalDue(state, now)) return state
  return inLockedPool(metering, team, poolId, now, async (_query, renewed) => renewed)
}

/**
 * Works on a pool under its lock, in its present period, with the team as it is. Everything that `work` writes commits
 * together. Throws TeamChangedError, and nothing is written, if the team isn't the given one any more.
 */
export async function inLockedPool<Result>(
  { connections }: Pick<Metering, "connections">,
  team: TeamContext,
  poolId: string,
  now: Date,
  work: (query: Query, state: PoolState) => Promise<Result>,
): Promise<Result> {
  return connections.transaction(async (query) => {
    let state = await lockPoolState(query, team.teamId, poolId)
    // Who pays was decided with this version; a member may have been removed in between.
    if ((await readTeamVersion(query, team.teamId)) !== team.version) throw new TeamChangedError()
    if (isRenewalDue(state, now)) {
      await renewPool(query, { teamId: team.teamId, poolId }, now)
      state = await lockPoolState(query, team.teamId, poolId)
    }
    return work(query, state)
  })
}

/** The team as it is now. Throws NotFoundError if there is none. */
export async function requireTeam(metering: Metering, teamId: string): Promise<TeamContext> {
  const team = await metering.contexts.current(teamId)
  if (!team) throw new NotFoundError()
  return team
}
