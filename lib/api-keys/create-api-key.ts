import type { MemberActor } from "@/lib/audit/actor"
import { recordEvent } from "@/lib/audit/record-event"
import { hashToken } from "@/lib/auth/token"
import type { Db } from "@/lib/db/client"
import { ConflictError } from "@/lib/errors"
import { newId, toPublicId } from "@/lib/ids"
import { requirePermission } from "@/lib/teams/require-permission"
import { requireExpiry } from "./expiry"
import { newApiKey } from "./key-text"
import { refusedKeys } from "./refused-keys"
import { API_KEY_LIMIT_SENTENCE, type CreatedApiKey, type Expiry, MAX_ACTIVE_API_KEYS } from "./schema"
import type { ApiKeyScope } from "./scopes"
import { lockActiveCount } from "./store"
import { storeApiKey } from "./store-api-key"

export type ApiKeyCtx = { db: Db; now: Date; team: { id: string }; actor: MemberActor }

/**
 * Creates a key of the team and returns its text, which can't be read again. Owners and Admins only. Throws
 * `ConflictError` when the team has the most active keys allowed, and `InvalidInputError` for a day on which no key may
 * expire. Each call makes another key.
 */
export async function createApiKey(
  { db, now, team, actor }: ApiKeyCtx,
  { name, scopes, ...expiry }: { name: string; scopes: ApiKeyScope[] } & Expiry,
): Promise<CreatedApiKey> {
  const expiresAt = requireExpiry(now, expiry)
  const id = newId()
  const apiKey = newApiKey(team.id)
  await db.$transaction(async (tx) => {
    await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "api-keys:manage")
    if ((await lockActiveCount(tx, team.id)) >= MAX_ACTIVE_API_KEYS)
      throw new ConflictError(API_KEY_LIMIT_SENTENCE)
    await storeApiKey(tx, {
      teamId: team.id,
      id,
      name,
      scopes,
      createdByMemberId: actor.memberId,
      createdAt: now,
      expiresAt,
      apiKey,
    })
    const subject = { kind: "api_key" as const, id: toPublicId("key", id), name }
    await recordEvent(
      tx,
      { teamId: team.id, actor, kind: "api_key.created", subject, after: { scopes } },
      now,
    )
  })
  refusedKeys().forget(hashToken(apiKey))
  return { apiKeyId: toPublicId("key", id), apiKey }
}
