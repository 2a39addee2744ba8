import { notFound, redirect } from "next/navigation"
import { cache } from "react"
import { type CurrentUser, getCurrentUser } from "@/lib/auth/session"
import { db } from "@/lib/db/client"
import { can, type Permission } from "@/lib/teams/permissions"
import { getMembership, type Membership } from "@/lib/teams/queries"
import { requestedPath } from "./requested-path"

export type Viewer = Membership & { user: CurrentUser }

/** The signed-in person's place in the team, read once a request. Null: not signed in, or not a member. */
export const getViewer = cache(async (teamSlug: string): Promise<Viewer | null> => {
  const user = await getCurrentUser()
  const membership = user && (await getMembership(db(), user.id, teamSlug))
  return user && membership && { ...membership, user }
})

/**
 * Every page of a team begins with this. Without a session it leads to sign-in and back; for everybody who isn't a
 * member with the permission the page doesn't exist.
 */
export async function requireMember(teamSlug: string, permission: Permission): Promise<Viewer> {
  if (!(await getCurrentUser())) redirect(`/sign-in?next=${encodeURIComponent(await requestedPath())}`)
  const viewer = await getViewer(teamSlug)
  if (!viewer || !can(viewer.member.role, permission)) notFound()
  return viewer
}
