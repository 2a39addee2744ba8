import type { Query, Statement } from "@/lib/db/query"
import type { TeamContext } from "@/lib/metering/team-context"
import { type Principal, whoPays } from "@/lib/pools/who-pays"
import type { AgentTask } from "./tasks"

const READ_HOLDER: Statement = {
  name: "agent_tasks_pool_holder",
  text: "SELECT member_id FROM pools WHERE team_id = $1::uuid AND id = $2::uuid",
}

/**
 * Returns who is billed for a task. The pool was chosen at the start and stays, so the pool tells: its member may
 * since have left the team, or no longer be the Owner.
 */
export async function billedPrincipalOf(
  query: Query,
  team: TeamContext,
  { poolId, trigger, memberId }: AgentTask,
): Promise<Principal> {
  const [pool] = await query<{ member_id: string | null }>(READ_HOLDER, [team.teamId, poolId])
  const holderId = pool?.member_id ?? null
  if (holderId === null) return { type: "team" }
  const isOwnRun = memberId === holderId && whoPays({ plan: team.plan, trigger, memberId }).type === "user"
  if (holderId === team.ownerMemberId && !isOwnRun) return { type: "team_owner" }
  return { type: "user", memberId: holderId }
}
