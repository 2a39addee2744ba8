import { cookies, headers } from "next/headers"
import { cache } from "react"
import { clock } from "@/lib/clock"
import { db } from "@/lib/db/client"
import { sessionCookie } from "./cookie"
import { readDisplay } from "./display"
import { keepDisplay } from "./display-cookie"
import { endSessions } from "./end-sessions"
import { expiryOf, prolongSession, SESSION_LIFE_MS } from "./session-life"
import { hashToken, newToken } from "./token"

export type CurrentUser = { id: string; name: string; email: string }

/** Enough to tell browsers apart. The database takes no more. */
const USER_AGENT_LENGTH = 400

/** Returns the person whose session this request carries, or null. Read from the database in every request. */
export const getCurrentUser = cache(async (): Promise<CurrentUser | null> => {
  const tokenHash = await readTokenHash()
  if (!tokenHash) return null
  const now = clock.now()
  const [session] = await db().$queryRaw<(CurrentUser & { lastUsedAt: Date })[]>`
    SELECT u.id, coalesce(u.name, u.email) AS name, u.email, s.last_used_at AS "lastUsedAt"
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.token_hash = ${tokenHash} AND s.expires_at > ${now}`
  if (!session) return null
  const { lastUsedAt, ...user } = session
  await prolongSession({ db: db(), now }, { tokenHash, lastUsedAt })
  return user
})

/** Returns the hash that finds this request's session. Null when it claims none. */
export async function readTokenHash(): Promise<string | null> {
  const token = (await cookies()).get(sessionCookie().name)?.value
  return token ? hashToken(token) : null
}

/** Starts a session for a person and gives its cookie to the browser. The browser's former session ends. */
export async function startSession(userId: string): Promise<void> {
  const token = newToken()
  const startedAt = await recordSession(userId, token)
  const { name, options } = sessionCookie()
  const expires = new Date(startedAt.getTime() + SESSION_LIFE_MS)
  ;(await cookies()).set(name, token, { ...options, expires })
}

/**
 * Records that a session of the person begins with this token, and ends the browser's former one. For callers that
 * set the session's cookie themselves. The browser also learns how the person wants pages to look. Returns when it began.
 */
export async function recordSession(userId: string, token: string): Promise<Date> {
  const now = clock.now()
  const formerHash = await readTokenHash()
  const userAgent = (await headers()).get("user-agent")?.slice(0, USER_AGENT_LENGTH) ?? null
  await db().$transaction(async (tx) => {
    if (formerHash) await endSessions(tx, { tokenHash: formerHash })
    await tx.session.create({
      data: {
        tokenHash: hashToken(token),
        userId,
        userAgent,
        createdAt: now,
        lastUsedAt: now,
        expiresAt: expiryOf(now, now),
      },
    })
  })
  await keepDisplay(await readDisplay(db(), userId))
  return now
}

/** Ends this browser's session, in the database too. */
export async function endSession(): Promise<void> {
  const tokenHash = await readTokenHash()
  if (!tokenHash) return
  await db().$transaction((tx) => endSessions(tx, { tokenHash }))
  await forgetCookie()
}

/** Removes an ended session's cookie from this browser. */
export async function forgetCookie(): Promise<void> {
  const { name, options } = sessionCookie()
  // With its attributes: browsers ignore the deletion of a __Host- cookie without them.
  ;(await cookies()).delete({ name, ...options })
}
