import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"

/** The longest life of a session, however much it is used. The database holds this too. */
export const SESSION_LIFE_MS = 90 * DAY_MS

/** The life of a session that nobody uses. */
export const SESSION_IDLE_MS = 30 * DAY_MS

/** Returns when a session ends if it isn't used again. */
export function expiryOf(startedAt: Date, lastUsedAt: Date): Date {
  return new Date(Math.min(startedAt.getTime() + SESSION_LIFE_MS, lastUsedAt.getTime() + SESSION_IDLE_MS))
}

/**
 * Prolongs a session in use. Writes only on the first use of a UTC day, so that other pages cost no write. Never
 * revives an ended session.
 */
export async function prolongSession(
  { db, now }: { db: Db; now: Date },
  { tokenHash, lastUsedAt }: { tokenHash: string; lastUsedAt: Date },
): Promise<void> {
  const today = new Date(now.getTime() - (now.getTime() % DAY_MS))
  if (lastUsedAt >= today) return
  const session = await db.session.findUnique({ where: { tokenHash }, select: { createdAt: true } })
  if (!session) return
  await db.session.updateMany({
    where: { tokenHash, expiresAt: { gt: now }, lastUsedAt: { lt: today } },
    data: { lastUsedAt: now, expiresAt: expiryOf(session.createdAt, now) },
  })
}
