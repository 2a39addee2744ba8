import type { Query } from "@/lib/db/query"
import { postSpends } from "@/lib/ledger/post-spends"
import { enqueueCrossings } from "@/lib/queue/enqueue-crossings"
import { makeDue } from "@/lib/top-up-settings/make-due"
import { TeamChangedError } from "./errors"
import type { SpendPlan } from "./plan-spends"
import { readTeamVersion, type TeamContext } from "./team-context"
import { tellOfLimits } from "./tell-of-limits"

/**
 * Writes a plan that was made under the pool's lock, with the jobs that it causes, in one transaction. Throws
 * TeamChangedError if the team has changed meanwhile, because the pool is locked and the team is not.
 */
export async function postPlan(query: Query, team: TeamContext, now: Date, plan: SpendPlan): Promise<void> {
  const { spend, crossings, isMadeDue, limits } = plan
  await tellOfLimits(query, team, spend.poolId, limits.marks, now)
  if (spend.rows.length === 0) return
  const applied = await postSpends(query, { id: team.teamId, version: team.version }, now, [spend])
  if (!applied.has(spend.poolId)) {
    if ((await readTeamVersion(query, team.teamId)) !== team.version) throw new TeamChangedError()
    throw new Error("The ledger refused what was planned under its lock")
  }
  const { revision } = spend.after
  const pool = { teamId: team.teamId, poolId: spend.poolId }
  await enqueueCrossings(query, { ...pool, revision }, crossings)
  if (isMadeDue) await makeDue(query, pool, { cause: "usage" }, now)
}
