import { isRenewalDue, renewPool } from "@/lib/billing/renew-pool"
import type { Query } from "@/lib/db/query"
import { NotFoundError, UnavailableError } from "@/lib/errors"
import { lockPoolState, type PoolState, readPoolStates } from "@/lib/ledger/pool-state"
import type { Metering } from "./metering"
import type { SpendPlan } from "./plan-spends"
import { postPlan } from "./post-plan"
import { readTeamVersion, type TeamContext } from "./team-context"

class TeamChangedError extends UnavailableError {
  constructor() {
    super("The team was changed at this moment. Send the request again.")
  }
}

/** Writes a plan that was made in `inLockedPool`, and adds the jobs that it causes. */
export async function requirePosted(
  query: Query,
  team: TeamContext,
  now: Date,
  plan: SpendPlan,
): Promise<void> {
  if (!(await postPlan(query, team, now, plan))) throw new TeamChangedError()
}

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
 * together.
 */
export async function inLockedPool<Result>(
  metering: Metering,
  team: TeamContext,
  poolId: string,
  now: Date,
  work: (query: Query, state: PoolState) => Promise<Result>,
): Promise<Result> {
  return metering.connections.transaction(async (query) => {
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
