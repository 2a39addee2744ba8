import { NotFoundError } from "@/lib/errors"
import { requirePermission } from "@/lib/teams/require-permission"
import type { ApiKeyCtx } from "./create-api-key"
import { markRevoked } from "./store"

/**
 * Revokes a key of the team for good: its next request is refused. Owners and Admins only. A key that is already
 * revoked stays as it is. Another team's key is a `NotFoundError`.
 */
export async function revokeApiKey(
  { db, now, team, actor }: ApiKeyCtx,
  { apiKeyId }: { apiKeyId: string },
): Promise<void> {
  await db.$transaction(async (tx) => {
    await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "api-keys:manage")
    if (await markRevoked(tx, { teamId: team.id, apiKeyId }, now)) return
    if ((await tx.apiKey.count({ where: { teamId: team.id, id: apiKeyId } })) === 0) throw new NotFoundError()
  })
}
