import type { MemberActor } from "@/lib/audit/actor"
import { recordEvent } from "@/lib/audit/record-event"
import { hashToken } from "@/lib/auth/token"
import { HOUR_MS } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"
import { requirePermission } from "@/lib/teams/require-permission"
import type { ApiKeyCtx } from "./create-api-key"
import { requireExpiry } from "./expiry"
import { newApiKey } from "./key-text"
import { refusedKeys } from "./refused-keys"
import type { CreatedApiKey, Expiry } from "./schema"
import { lockWorkingKey } from "./store"
import { keySubject } from "./subject"

/**
 * Gives a key a new secret, whose text can't be read again, with an end of its own. The old one goes on working for
 * `overlapHours`, but not past its own end; with 0 it ends now, and so does any that an earlier roll replaced. The key
 * stays the same one: its name, scopes, limits and usage. Owners and Admins only. Each call makes another secret.
 */
export async function rollApiKey(
  { db, now, team, actor }: ApiKeyCtx & { actor: MemberActor },
  { apiKeyId, overlapHours, ...expiry }: { apiKeyId: string; overlapHours: number } & Expiry,
): Promise<CreatedApiKey> {
  const teamId = team.id
  const apiKey = newApiKey(teamId)
  const expiresAt = requireExpiry(now, expiry)
  await db.$transaction(async (tx) => {
    await requirePermission(tx, { teamId, memberId: actor.memberId }, "api-keys:manage")
    const key = await lockWorkingKey(tx, teamId, apiKeyId)
    const overlapEnd = new Date(now.getTime() + overlapHours * HOUR_MS)
    const worksUntil = key.expiresAt && key.expiresAt < overlapEnd ? key.expiresAt : overlapEnd
    if (overlapHours === 0)
      await tx.apiKeyFormerSecret.updateMany({
        where: { teamId, apiKeyId, worksUntil: { gt: now } },
        data: { worksUntil: now },
      })
    const { keyHash, last4 } = key
    await tx.apiKeyFormerSecret.create({
      data: { teamId, apiKeyId, keyHash, last4, replacedAt: now, worksUntil },
    })
    await tx.apiKey.update({
      where: { teamId_id: { teamId, id: apiKeyId } },
      data: { keyHash: hashToken(apiKey), last4: apiKey.slice(-4), rolledAt: now, expiresAt },
    })
    await recordEvent(
      tx,
      {
        teamId,
        actor,
        kind: "api_key.rolled",
        subject: keySubject(key),
        before: { last4, expires_at: key.expiresAt?.toISOString() ?? null },
        after: {
          last4: apiKey.slice(-4),
          expires_at: expiresAt?.toISOString() ?? null,
          old_works_until: worksUntil.toISOString(),
        },
      },
      now,
    )
  })
  refusedKeys().forget(hashToken(apiKey))
  return { apiKeyId: toPublicId("key", apiKeyId), apiKey }
}
