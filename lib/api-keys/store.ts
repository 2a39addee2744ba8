import type { Tx } from "@/lib/db/client"
import type { ApiKey } from "@/lib/db/generated/client"
import { ConflictError, NotFoundError } from "@/lib/errors"
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

/**
 * Returns a key that isn't revoked, and locks it until the transaction ends. Another team's key is a `NotFoundError`.
 */
export async function lockWorkingKey(tx: Tx, teamId: string, apiKeyId: string): Promise<ApiKey> {
  // Before the key, as everything does that changes one.
  await lockTeam(tx, teamId)
  const key = await tx.apiKey.findUnique({ where: { teamId_id: { teamId, id: apiKeyId } } })
  if (!key) throw new NotFoundError()
  if (key.revokedAt) throw new ConflictError("This key was revoked meanwhile.")
  return key
}
