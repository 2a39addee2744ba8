import { whoPays } from "@/lib/pools/who-pays"
import type { MeterTerms } from "./meters"
import type { TeamContext } from "./team-context"

/** The limits that count a request, and what it must leave in the pool. */
export type Limits = { limitIds: readonly string[]; reserveNanos: bigint }

export type LimitedTerms = Pick<MeterTerms, "trigger" | "memberId" | "apiKeyId">

/** The name under which the context keeps the limit of the Owner's protection, beside members' and keys' ids. */
export const OWNER_LIMIT = "owner"

const NONE: Limits = { limitIds: [], reserveNanos: 0n }

/**
 * Returns what limits usage of these terms: its member's and its key's limit, and where the Owner is billed for what no
 * person started, the Owner's protection.
 */
export function limitsOf(team: TeamContext, { trigger, memberId, apiKeyId }: LimitedTerms): Limits {
  if (team.limitIds.size === 0 && team.ownerReserveNanos === 0n) return NONE
  const isProtected = whoPays({ plan: team.plan, trigger, memberId }).type === "team_owner"
  const subjects = [memberId, apiKeyId, isProtected ? OWNER_LIMIT : null]
  return {
    limitIds: subjects.flatMap((subject) => (subject && team.limitIds.get(subject)) ?? []),
    reserveNanos: isProtected ? team.ownerReserveNanos : 0n,
  }
}
