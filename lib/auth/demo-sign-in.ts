import type { Db } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { NotFoundError } from "@/lib/errors"

/** The team that the one-click sign-in leads to. */
export const DEMO_TEAM_SLUG = "northwind"

/**
 * The seeded person who has this role in the demo team. Exists only in demo mode, which `env` refuses with live keys or
 * with a database that isn't the demo's; and only people whom the seed marked can be found, whatever the mode.
 */
export async function requireDemoUser(ctx: { db: Db; isDemo: boolean }, role: Role): Promise<{ id: string }> {
  if (!ctx.isDemo) throw new NotFoundError()
  const member = await ctx.db.member.findFirst({
    where: { role, removedAt: null, team: { slug: DEMO_TEAM_SLUG, deletedAt: null } },
    select: { userId: true },
  })
  const user =
    member &&
    (await ctx.db.user.findFirst({ where: { id: member.userId, isDemo: true }, select: { id: true } }))
  if (!user) throw new NotFoundError()
  return user
}
