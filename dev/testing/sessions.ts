import { hashToken, newToken } from "@/lib/auth/token"
import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"

export const SESSION_COOKIE = "credits-session"

/** Creates a session as signing in does, and the token that a browser would carry. */
export async function startTestSession(
  db: Db,
  userId: string,
  expiresAt = new Date(Date.now() + DAY_MS),
): Promise<string> {
  const token = newToken()
  await db.session.create({ data: { tokenHash: hashToken(token), userId, expiresAt } })
  return token
}
