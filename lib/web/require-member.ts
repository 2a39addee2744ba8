import { notFound, redirect } from "next/navigation"
import { cache } from "react"
import { type CurrentUser, readTokenHash } from "@/lib/auth/session"
import { prolongSession } from "@/lib/auth/session-life"
import { clock } from "@/lib/clock"
import { db } from "@/lib/db/client"
import { can, type Permission } from "@/lib/teams/permissions"
import { getMembershipOfSession, type Membership } from "@/lib/teams/queries"
import { requestedPath } from "./requested-path"

export type Viewer = Membership & { user: CurrentUser }

/** Read once a request and with one statement, because every page of a team waits for it. */
const readSession = cache(async (slug: string) => {
  const tokenHash = await readTokenHash()
  // PostgreSQL refuses a text with NUL, and no team has an empty slug.
  const teamSlug = slug.includes("\0") ? "" : slug
  const session = tokenHash && (await getMembershipOfSession(db(), { tokenHash, teamSlug, now: clock.now() }))
  return session ? { ...session, tokenHash } : null
})

/** Returns the signed-in person's place in the team. Null when they aren't signed in or aren't a member. */
export async function getViewer(teamSlug: string): Promise<Viewer | null> {
  const session = await readSession(teamSlug)
  return session ? session.membership && { ...session.membership, user: session.user } : null
}

/**
 * Guards every page of a team. Without a session it leads to sign-in and back. For anybody who isn't a member with
 * the permission, the page doesn't exist.
 */
export async function requireMember(teamSlug: string, permission: Permission): Promise<Viewer> {
  const session = await readSession(teamSlug)
  if (!session) redirect(`/sign-in?next=${encodeURIComponent(await requestedPath())}`)
  // Here and not in the live stream, because an open page alone isn't use.
  await prolongSession({ db: db(), now: clock.now() }, session)
  const viewer = await getViewer(teamSlug)
  if (!viewer || !can(viewer.member.role, permission)) notFound()
  // An old link, from before the team took another address.
  if (viewer.team.slug !== teamSlug) redirect(withSlug(await requestedPath(), viewer.team.slug))
  return viewer
}

/** Replaces the first part of a path. */
const withSlug = (path: string, slug: string) => path.replace(/^\/[^/?]+/, `/${slug}`)
