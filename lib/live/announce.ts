import type { Query, Statement } from "@/lib/db/query"

/** The channel on which processes with open pages listen. Its messages are team ids. */
export const CHANNEL = "credits_team_changed"

const ANNOUNCE: Statement = { name: "announce", text: "SELECT pg_notify($1, $2)::text" }

/**
 * Tells the team's open pages that something changed, when the transaction commits. Not for usage: there is so much
 * of it that its writers would wait for each other here. Open pages check for usage themselves.
 */
export async function announce(query: Query, teamId: string): Promise<void> {
  await query(ANNOUNCE, [CHANNEL, teamId])
}
