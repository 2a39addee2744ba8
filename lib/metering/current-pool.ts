import { isRenewalDue, renewPool } from "@/lib/billing/renew-pool"
import type { Query } from "@/lib/db/query"
import type { SpendConnections } from "@/lib/db/spend-connections"
import { NotFoundError } from "@/lib/errors"
import { lockPoolState, type PoolState, readPoolStates } from "@/lib/ledger/pool-state"
import { TeamChangedError } from "./errors"
import { readTeamVersion, type TeamContext } from "./team-context"
import type { TeamContexts } from "./team-contexts"

type Connected = { connections: SpendConnections }

/** Returns a pool as it is now, in its present period. */
export async function readCurrentPool(
  { connections }: Connected,
  team: TeamContext,
  poolId: string,
  now: Date,
): Promise<PoolState> {
  const states = await readPoolStates(connections.query, team.teamId, [poolId], { lock: false })
  const state = states.get(poolId)
  if (!state) throw new NotFoundError()
  if (!isRenewalDue(state, now)) return state
  return inLockedPool({ connections }, team, poolId, now, async (_query, renewed) => renewed)
}

/**
 * Works on a pool under its lock, in its present period, with the present team. Everything that `work` writes commits
 * together. Throws TeamChangedError, with nothing written, if the team is no longer the given one.
 */
export async function inLockedPool<Result>(
  { connections }: Connected,
  team: TeamContext,
  poolId: string,
  now: Date,
  work: (query: Query, state: PoolState) => Promise<Result>,
): Promise<Result> {
  return connections.transaction(async (query) => {
    let state = await lockPoolState(query, team.teamId, poolId)
    // The payer was decided with this version. A member may have been removed since.
    if ((await readTeamVersion(query, team.teamId)) !== team.version) throw new TeamChangedError()
    if (isRenewalDue(state, now)) {
      await renewPool(query, { teamId: team.teamId, poolId }, now)
      state = await lockPoolState(query, team.teamId, poolId)
    }
    return work(query, state)
  })
}

/** Returns the team as it is now. Throws NotFoundError if there is none. */
export async function requireTeam(
  { contexts }: { contexts: TeamContexts },
  teamId: string,
): Promise<TeamContext> {
  const team = await contexts.current(teamId)
  if (!team) throw new NotFoundError()
  return team
}
