import type { Tx } from "@/lib/db/client"
import { lockTeam } from "@/lib/teams/lock-team"

/** Counts the team's active keys. Nobody else can add one until the transaction ends. */
export async function lockActiveCount(tx: Tx, teamId: string): Promise<number> {
  await lockTeam(tx, teamId)
  return tx.apiKey.count({ where: { teamId, revokedAt: null } })
}

/** Revokes an active key. False, with nothing written, if there is none under this id. */
export async function markRevoked(
  tx: Tx,
  { teamId, apiKeyId }: { teamId: string; apiKeyId: string },
  now: Date,
): Promise<boolean> {
  const { count } = await tx.apiKey.updateMany({
    where: { teamId, id: apiKeyId, revokedAt: null },
    data: { revokedAt: now },
  })
  return count === 1
}
