import { inLockedTeam, recordTeamChange, type TeamSettingsCtx } from "./ctx"

/** Sets whether Members see what their own usage costs, not only its units. Owners and Admins only. */
export async function saveMembersSeeCosts(
  ctx: TeamSettingsCtx,
  { seesCosts }: { seesCosts: boolean },
): Promise<void> {
  await inLockedTeam(ctx, "team:manage", async (tx) => {
    const where = { id: ctx.team.id }
    const former = await tx.team.findUniqueOrThrow({ where, select: { name: true, membersSeeCosts: true } })
    if (former.membersSeeCosts === seesCosts) return
    await tx.team.update({ where, data: { membersSeeCosts: seesCosts } })
    await recordTeamChange(tx, ctx, {
      kind: "team.members_see_costs_changed",
      name: former.name,
      before: { membersSeeCosts: former.membersSeeCosts },
      after: { membersSeeCosts: seesCosts },
    })
  })
}
