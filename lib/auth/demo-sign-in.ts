import { headers } from "next/headers"
import { type Db, db } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { env } from "@/lib/env"
import { NotFoundError } from "@/lib/errors"
import { DEMO_TEAM_SLUG } from "./demo-team"
import { isLocalRequest } from "./local-request"
import { ownPath } from "./own-path"
import { startSession } from "./session"

/** Signs this browser in as the seeded person with the role, and gives the path to go on to. */
export async function signInAsDemoUser(role: Role, next: string): Promise<string> {
  const { DEMO_MODE, APP_URL } = env()
  const isDemo = DEMO_MODE && isLocalRequest(await headers())
  const user = await requireDemoUser({ db: db(), isDemo }, role)
  await startSession(user.id)
  const path = ownPath(next, APP_URL)
  return path === "/" ? `/${DEMO_TEAM_SLUG}/settings/account/billing` : path
}

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
