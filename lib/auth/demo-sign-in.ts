import { headers } from "next/headers"
import { type Db, db } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { env } from "@/lib/env"
import { NotFoundError } from "@/lib/errors"
import { DEMO_TEAM_SLUG } from "./demo-team"
import { isLocalRequest } from "./local-request"
import { ownPath } from "./own-path"
import { startSession } from "./session"

/** Signs this browser in as the seeded person with the role, and returns the path to continue to. */
export async function signInAsDemoUser(role: Role, next: string): Promise<string> {
  const { DEMO_MODE, APP_URL } = env()
  const isDemo = DEMO_MODE && isLocalRequest(await headers())
  const user = await requireDemoUser({ db: db(), isDemo }, role)
  await startSession(user.id)
  const path = ownPath(next, APP_URL)
  return path === "/" ? `/${DEMO_TEAM_SLUG}/settings/account/billing` : path
}

/**
 * Returns the seeded person with this role in the demo team. Works only in demo mode, which `env` refuses with live
 * keys or a database that isn't the demo's. It finds only people whom the seed marked, whatever the mode.
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
