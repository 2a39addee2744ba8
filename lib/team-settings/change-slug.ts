import { DAY_MS } from "@/lib/clock"
import { ConflictError, InvalidInputError } from "@/lib/errors"
import { takeAttempt } from "@/lib/rate-limits/take-attempt"
import { isReservedSlug, isSlugTaken } from "@/lib/teams/slugs"
import { inLockedTeam, recordTeamChange, type TeamSettingsCtx } from "./ctx"

const CHANGES = { limit: 10, windowMs: DAY_MS }
/** A former address stays with its team, so one team mustn't collect them. */
export const MAX_FORMER_SLUGS = 20

/**
 * Gives the team another address. Its former ones lead to it for ever and are given to no other team; the team itself
 * may take one back. Owners and Admins only. Throws `InvalidInputError` for an address that is reserved or taken.
 */
export async function changeSlug(
  ctx: TeamSettingsCtx,
  { slug }: { slug: string },
): Promise<{ slug: string }> {
  const { team, now } = ctx
  // Counted whatever comes of it, so that nobody tries out which addresses are taken.
  await inLockedTeam(ctx, "team:manage", (tx) =>
    takeAttempt(tx, { subject: `team-slug:${team.id}`, ...CHANGES }, now),
  )
  if (isReservedSlug(slug))
    throw new InvalidInputError("This address is reserved. Choose another one.", "slug")
  await inLockedTeam(ctx, "team:manage", async (tx) => {
    const { slug: former, name } = await tx.team.findUniqueOrThrow({
      where: { id: team.id },
      select: { slug: true, name: true },
    })
    if (former === slug) return
    if (await isSlugTaken(tx, slug, team.id)) throw taken()
    await tx.formerSlug.deleteMany({ where: { slug, teamId: team.id } })
    if ((await tx.formerSlug.count({ where: { teamId: team.id } })) >= MAX_FORMER_SLUGS)
      throw new ConflictError(
        "Your team has had many addresses, and they all stay its own. Take one of them back.",
      )
    await tx.formerSlug.create({ data: { slug: former, teamId: team.id, replacedAt: now } })
    await tx.team.update({ where: { id: team.id }, data: { slug } })
    await recordTeamChange(tx, ctx, {
      kind: "team.address_changed",
      name,
      before: { address: former },
      after: { address: slug },
    })
  }).catch((error: unknown) => {
    // Another team took it at the same moment.
    if ((error as { code?: unknown }).code === "P2002") throw taken()
    throw error
  })
  return { slug }
}

const taken = () => new InvalidInputError("Another team has or had this address. Choose another one.", "slug")
