import { ForbiddenError } from "@/lib/errors"
import { can } from "@/lib/teams/permissions"
import type { MemberCtx } from "./ctx"
import { type Ended, endMembership } from "./end-membership"
import { lockOther } from "./lock-other"

/**
 * Removes a member from the team. Owners and Admins only, and nobody removes the Owner. Only the Owner may leave the
 * person's bought credits where they are; otherwise they go to the pool that pays for the team.
 */
export async function removeMember(
  ctx: MemberCtx,
  { memberId, credits }: { memberId: string; credits: "move" | "keep" },
): Promise<Ended> {
  return ctx.db.$transaction(async (tx) => {
    const { actorRole, member } = await lockOther(tx, ctx, { memberId, permission: "members:manage" })
    if (credits === "keep" && !can(actorRole, "credits:transfer"))
      throw new ForbiddenError("Only the Owner can leave the credits where they are.")
    return endMembership(tx, ctx, { member, moves: credits === "move" })
  })
}
