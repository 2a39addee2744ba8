import type { Tx } from "@/lib/db/client"

/**
 * Takes the team's lock until the transaction ends. It comes before those of its pools, its cap and their settings, because
 * whatever changes who pays, or by which rules, writes to the team as well. Rows that name the team can be written meanwhile.
 */
export async function lockTeam(tx: Tx, teamId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM teams WHERE id = ${teamId}::uuid FOR NO KEY UPDATE`
}
