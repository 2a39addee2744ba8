import type { Query, Statement } from "@/lib/db/query"

/** Where processes that have pages open listen. What is said on it is a team's id. */
export const CHANNEL = "credits_team_changed"

const ANNOUNCE: Statement = { name: "announce", text: "SELECT pg_notify($1, $2)::text" }

/**
 * Tells open pages of the team that something changed, when the transaction commits. Not for usage: of that there is so much
 * that whoever writes it would wait for each other here; open pages look for it by themselves.
 */
export async function announce(query: Query, teamId: string): Promise<void> {
  await query(ANNOUNCE, [CHANNEL, teamId])
}
