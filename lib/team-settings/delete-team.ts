import { turnOffTopUps } from "@/lib/auto-top-up/turn-off"
import { queryIn } from "@/lib/db/query"
import { ConflictError, InvalidInputError } from "@/lib/errors"
import { announce } from "@/lib/live/announce"
import { toDecimalString } from "@/lib/money/usd"
import { inLockedTeam, recordTeamChange, type TeamSettingsCtx } from "./ctx"
import { inFlightSentences } from "./in-flight"
import { getRemains } from "./queries"

/**
 * Deletes the team for good: nobody opens it any more, and its keys are refused from the next request on. The ledger,
 * payments and the audit log stay for the books, and its address stays its own. Its Owner only, who types its name. Throws
 * `ConflictError` while money is in flight.
 */
export async function deleteTeam(ctx: TeamSettingsCtx, { name }: { name: string }): Promise<void> {
  const { team, now } = ctx
  await inLockedTeam(ctx, "team:delete", async (tx) => {
    const where = { id: team.id }
    const present = await tx.team.findUniqueOrThrow({ where, select: { name: true } })
    if (name.trim().toLowerCase() !== present.name.toLowerCase())
      throw new InvalidInputError(`Enter the team’s name, ${present.name}, to confirm.`, "name")
    // Everything that is spent or bought at this moment locks its pool, so that none is overlooked.
    await tx.$executeRaw`SELECT 1 FROM pools WHERE team_id = ${team.id}::uuid ORDER BY id FOR NO KEY UPDATE`
    const remains = await getRemains({ db: tx, now }, team.id)
    const [reason] = inFlightSentences(remains)
    if (reason) throw new ConflictError(reason)
    const topUps = await tx.autoTopUpSettings.findMany({
      where: { teamId: team.id, enabled: true },
      select: { poolId: true },
      orderBy: { poolId: "asc" },
    })
    for (const { poolId } of topUps) await turnOffTopUps(tx, ctx, poolId)
    await tx.team.update({ where, data: { deletedAt: now } })
    await recordTeamChange(tx, ctx, {
      kind: "team.deleted",
      name: present.name,
      after: { credits: toDecimalString(remains.creditsNanos), members: remains.members },
    })
    await announce(queryIn(tx), team.id)
  })
}
