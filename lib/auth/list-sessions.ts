import type { Db } from "@/lib/db/client"
import { describeBrowser } from "./describe-browser"

export type OwnSession = {
  id: string
  /** `Firefox on Windows` */
  browser: string
  signedInAt: Date
  /** Exact to the day. */
  lastUsedAt: Date
  /** The session that asks. */
  isThis: boolean
}

/** Anybody with more is told so. Ending all of them ends the rest too. */
const SHOWN = 50

/** Lists a person's sessions: the one that asks first, then by last use. */
export async function listSessions(
  { db, now }: { db: Db; now: Date },
  { userId, tokenHash }: { userId: string; tokenHash: string | null },
): Promise<{ sessions: OwnSession[]; hasMore: boolean }> {
  const rows = await db.$queryRaw<
    { id: string; userAgent: string | null; signedInAt: Date; lastUsedAt: Date; isThis: boolean }[]
  >`
    SELECT id, user_agent AS "userAgent", created_at AS "signedInAt", last_used_at AS "lastUsedAt",
      token_hash = ${tokenHash ?? ""} AS "isThis"
    FROM sessions WHERE user_id = ${userId}::uuid AND expires_at > ${now}
    ORDER BY "isThis" DESC, last_used_at DESC, id DESC LIMIT ${SHOWN + 1}`
  const sessions = rows
    .slice(0, SHOWN)
    .map(({ userAgent, ...session }) => ({ ...session, browser: describeBrowser(userAgent) }))
  return { sessions, hasMore: rows.length > SHOWN }
}
