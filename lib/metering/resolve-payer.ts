import type { Consumable } from "@/lib/catalog/schema"
import { ConflictError, InvalidInputError } from "@/lib/errors"
import type { Trigger } from "@/lib/pools/triggers"
import { type Principal, whoPays } from "@/lib/pools/who-pays"
import type { TeamContext } from "./team-context"

/** Who caused usage: the member that the request names by id or email address, if any, and on what trigger. */
export type Cause = { trigger: Trigger; user: string | null; apiKeyId: string | null }

export type Payer = { principal: Principal; poolId: string; memberId: string | null }

/** Who is billed for it in this team, and from which pool. Throws InvalidInputError if it names nobody of the team. */
export function resolvePayer(team: TeamContext, { trigger, user }: Cause): Payer {
  const memberId = user === null ? null : memberIdOf(team, user)
  // Somebody in Slack or Linear need not be one of the team: then the Owner pays.
  if (user !== null && memberId === null && trigger !== "integration")
    throw new InvalidInputError("No member of your team has this ID or email address.", "user")
  const principal = whoPays({ plan: team.plan, trigger, memberId })
  const poolId = poolIdOf(team, principal)
  if (poolId === null)
    throw new ConflictError("Nobody can be billed for this: the team has no pool that pays for it.")
  return { principal, poolId, memberId }
}

function memberIdOf(team: TeamContext, user: string): string | null {
  return team.members.has(user) ? user : (team.memberIdsByEmail.get(user.toLowerCase()) ?? null)
}

function poolIdOf(team: TeamContext, principal: Principal): string | null {
  if (principal.type === "team") return team.sharedPoolId
  const memberId = principal.type === "user" ? principal.memberId : team.ownerMemberId
  return (memberId && team.members.get(memberId)?.poolId) ?? null
}

/** What a meter counts by, of usage with this cause. */
export function meterTerms(consumable: Consumable, cause: Cause, memberId: string | null) {
  return { consumable, trigger: cause.trigger, memberId, apiKeyId: cause.apiKeyId }
}
