import type { MemberCtx } from "./ctx"
import type { Ended } from "./end-membership"
import { endOwnMembership } from "./end-own-membership"

/**
 * Ends the membership of the person who asks. Their bought credits go to the pool that pays for the team. Throws
 * `ConflictError` for the Owner, whom a team can't be without.
 */
export async function leaveTeam(ctx: MemberCtx): Promise<Ended> {
  return ctx.db.$transaction((tx) => endOwnMembership(tx, ctx))
}
