import type { Tx } from "@/lib/db/client"
import { CHANNEL } from "@/lib/live/announce"

/** One session, by its token's hash or by person and id, or all of a person's, or all but one. */
export type WhichSessions =
  | { tokenHash: string }
  | { userId: string; id?: string }
  | { userId: string; tokenHash: { not: string } }

/**
 * Ends sessions, from the next request on. Open pages of the person's teams hear that something changed. Pages of an
 * ended session then ask, are refused, and lead to sign-in. Returns how many ended.
 */
export async function endSessions(tx: Tx, which: WhichSessions): Promise<number> {
  const people = await tx.session.findMany({ where: which, select: { userId: true }, distinct: ["userId"] })
  const { count } = await tx.session.deleteMany({ where: which })
  for (const { userId } of people)
    await tx.$queryRaw`
      SELECT pg_notify(${CHANNEL}, team_id::text)::text FROM members
      WHERE user_id = ${userId}::uuid AND removed_at IS NULL`
  return count
}
