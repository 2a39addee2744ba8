import { inLockedTeam, recordTeamChange, type TeamSettingsCtx } from "./ctx"

/** Chooses the zone of the hours in the team's emails. Null: UTC. Owners and Admins only. */
export async function saveTimeZone(
  ctx: TeamSettingsCtx,
  { timeZone }: { timeZone: string | null },
): Promise<void> {
  await inLockedTeam(ctx, "team:manage", async (tx) => {
    const where = { id: ctx.team.id }
    const former = await tx.team.findUniqueOrThrow({ where, select: { name: true, timeZone: true } })
    if (former.timeZone === timeZone) return
    await tx.team.update({ where, data: { timeZone } })
    await recordTeamChange(tx, ctx, {
      kind: "team.time_zone_changed",
      name: former.name,
      before: { time_zone: former.timeZone },
      after: { time_zone: timeZone },
    })
  })
}
