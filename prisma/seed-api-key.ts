import { newApiKey, parseApiKey } from "@/lib/api-keys/key-text"
import { API_KEY_SCOPES } from "@/lib/api-keys/scopes"
import { storeApiKey } from "@/lib/api-keys/store-api-key"
import { DEMO_TEAM_SLUG } from "@/lib/auth/demo-team"
import { hashToken } from "@/lib/auth/token"
import type { Db } from "@/lib/db/client"
import { newId } from "@/lib/ids"

/**
 * Returns the text of a working key for the demo's team: the given one if it works, else a new one in its place. Null
 * if there is no such team.
 */
export async function ensureDemoKey(
  db: Db,
  { now, apiKey }: { now: Date; apiKey: string | null },
): Promise<string | null> {
  const team = await db.team.findUnique({
    where: { slug: DEMO_TEAM_SLUG },
    select: { id: true, members: { where: { role: "OWNER", removedAt: null }, select: { id: true } } },
  })
  if (!team) return null
  const teamId = team.id
  const parsed = apiKey === null ? null : parseApiKey(apiKey)
  const isOurs = parsed?.teamId === teamId
  if (isOurs && (await db.apiKey.count({ where: { ...parsed, revokedAt: null } })) > 0) return apiKey

  const created = newApiKey(teamId)
  await db.$transaction(async (tx) => {
    // Old keys named no team. They can't be looked up any more.
    if (apiKey !== null)
      await tx.apiKey.updateMany({
        where: { teamId, keyHash: hashToken(apiKey), revokedAt: null },
        data: { revokedAt: now },
      })
    await storeApiKey(tx, {
      teamId,
      id: newId(),
      name: "Demo key",
      scopes: [...API_KEY_SCOPES],
      createdByMemberId: team.members[0]?.id ?? null,
      createdAt: now,
      apiKey: created,
    })
  })
  return created
}
