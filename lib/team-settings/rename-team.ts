import { enqueueCustomerDetails } from "@/lib/queue/enqueue-customer-details"
import { inLockedTeam, recordTeamChange, type TeamSettingsCtx } from "./ctx"

/** Gives the team another name, and its customer at Stripe. Its address stays. Owners and Admins only. */
export async function renameTeam(ctx: TeamSettingsCtx, { name }: { name: string }): Promise<void> {
  await inLockedTeam(ctx, "team:manage", async (tx) => {
    const where = { id: ctx.team.id }
    const former = await tx.team.findUniqueOrThrow({ where, select: { name: true } })
    if (former.name === name) return
    await tx.team.update({ where, data: { name } })
    await recordTeamChange(tx, ctx, {
      kind: "team.renamed",
      name,
      before: { name: former.name },
      after: { name },
    })
    await enqueueCustomerDetails(tx, ctx.team.id)
  })
}
