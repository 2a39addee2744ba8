import type { Consumable } from "@/lib/catalog/schema"
import { ConflictError, InvalidInputError } from "@/lib/errors"
import type { Trigger } from "@/lib/pools/triggers"
import { type Principal, whoPays } from "@/lib/pools/who-pays"
import type { TeamContext } from "./team-context"

/** The cause of usage: its trigger, and the member whom the request names by id or email address, if any. */
export type Cause = { trigger: Trigger; user: string | null; apiKeyId: string | null }

export type Payer = { principal: Principal; poolId: string; memberId: string | null }

/**
 * Returns who is billed in this team, and from which pool. Throws InvalidInputError if the request names nobody of
 * the team.
 */
export function resolvePayer(team: TeamContext, { trigger, user }: Cause): Payer {
  const memberId = user === null ? null : memberIdOf(team, user)
  // A person in Slack or Linear need not belong to the team. The Owner pays then.
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

/** Returns the terms by which a meter counts usage of this cause. */
export function meterTerms(consumable: Consumable, cause: Cause, memberId: string | null) {
  return { consumable, trigger: cause.trigger, memberId, apiKeyId: cause.apiKeyId }
}
