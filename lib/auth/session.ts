import { cookies } from "next/headers"
import { cache } from "react"
import { clock } from "@/lib/clock"
import { db } from "@/lib/db/client"
import { SESSION_LIFETIME_MS, sessionCookie } from "./cookie"
import { hashToken, newToken } from "./token"

export type CurrentUser = { id: string; name: string; email: string }

/** The person whose session this request carries, or null. Read from the database in every request. */
export const getCurrentUser = cache(async (): Promise<CurrentUser | null> => {
  const tokenHash = await readTokenHash()
  if (!tokenHash) return null
  const [user] = await db().$queryRaw<CurrentUser[]>`
    SELECT u.id, coalesce(u.name, u.email) AS name, u.email FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.token_hash = ${tokenHash} AND s.expires_at > ${clock.now()}`
  return user ?? null
})

/** What a session is found by that this request claims; null when it claims none. */
export async function readTokenHash(): Promise<string | null> {
  const token = (await cookies()).get(sessionCookie().name)?.value
  return token ? hashToken(token) : null
}

/** Starts a session for a person and hands its cookie to the browser. Any session the browser had before ends. */
export async function startSession(userId: string): Promise<void> {
  await endSession()
  const token = newToken()
  const expiresAt = new Date(clock.now().getTime() + SESSION_LIFETIME_MS)
  await db().session.create({ data: { tokenHash: hashToken(token), userId, expiresAt } })
  const { name, options } = sessionCookie()
  ;(await cookies()).set(name, token, { ...options, expires: expiresAt })
}

/** Ends this browser's session, in the database too. */
export async function endSession(): Promise<void> {
  const store = await cookies()
  const { name, options } = sessionCookie()
  const token = store.get(name)?.value
  if (!token) return
  await db().session.deleteMany({ where: { tokenHash: hashToken(token) } })
  // With its attributes: browsers ignore the deletion of a __Host- cookie without them.
  store.delete({ name, ...options })
}
