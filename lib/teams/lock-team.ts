import type { Tx } from "@/lib/db/client"

/**
 * Locks the team until the transaction ends. This lock comes before those of its pools, its cap and their settings,
 * because any change of the payer or of the rules also writes to the team. Rows that name the team can be written
 * meanwhile.
 */
export async function lockTeam(tx: Tx, teamId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM teams WHERE id = ${teamId}::uuid FOR NO KEY UPDATE`
}
