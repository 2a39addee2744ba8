import { recordEvent } from "@/lib/audit/record-event"
import { NotFoundError } from "@/lib/errors"
import { toPublicId } from "@/lib/ids"
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
    const isRevokedNow = await markRevoked(tx, { teamId: team.id, apiKeyId }, now)
    const where = { teamId_id: { teamId: team.id, id: apiKeyId } }
    const key = await tx.apiKey.findUnique({ where, select: { name: true } })
    if (!key) throw new NotFoundError()
    if (!isRevokedNow) return
    const subject = { kind: "api_key" as const, id: toPublicId("key", apiKeyId), name: key.name }
    await recordEvent(tx, { teamId: team.id, actor, kind: "api_key.revoked", subject }, now)
  })
}
