import type { Db } from "@/lib/db/client"
import { ConflictError } from "@/lib/errors"
import { endSessions } from "./end-sessions"

/** Ends one of a person's sessions. Another person's is one that has ended, as far as anybody can tell. */
export async function endOwnSession(
  db: Db,
  { userId, sessionId }: { userId: string; sessionId: string },
): Promise<void> {
  const count = await db.$transaction((tx) => endSessions(tx, { userId, id: sessionId }))
  if (count === 0) throw new ConflictError("That session has already ended.")
}

/**
 * Ends all of a person's sessions, the one that asks included: a cookie that was stolen is of that same session, so nothing
 * less keeps a thief out.
 */
export async function endAllSessions(db: Db, userId: string): Promise<void> {
  await db.$transaction((tx) => endSessions(tx, { userId }))
}
