import type { Db } from "@/lib/db/client"
import { ConflictError } from "@/lib/errors"
import { endSessions } from "./end-sessions"

/** Ends one of a person's sessions. Another person's session looks like one that has ended. */
export async function endOwnSession(
  db: Db,
  { userId, sessionId }: { userId: string; sessionId: string },
): Promise<void> {
  const count = await db.$transaction((tx) => endSessions(tx, { userId, id: sessionId }))
  if (count === 0) throw new ConflictError("That session has already ended.")
}

/**
 * Ends all of a person's sessions, including the caller's. A stolen cookie belongs to that same session, so nothing
 * less keeps a thief out.
 */
export async function endAllSessions(db: Db, userId: string): Promise<void> {
  await db.$transaction((tx) => endSessions(tx, { userId }))
}
