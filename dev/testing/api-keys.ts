import { createApiKey } from "@/lib/api-keys/create-api-key"
import { API_KEY_SCOPES, type ApiKeyScope } from "@/lib/api-keys/scopes"
import type { Db } from "@/lib/db/client"
import { fromPublicId } from "@/lib/ids"
import type { TestMember, TestTeam } from "./teams"

/** Creates a key of the team, by the Owner unless another is named, and returns its id and text. */
export async function createTestApiKey(
  db: Db,
  team: TestTeam,
  {
    name = "A key of the test",
    scopes = [...API_KEY_SCOPES],
    by = team.owner,
    now = new Date(),
  }: { name?: string; scopes?: ApiKeyScope[]; by?: TestMember; now?: Date } = {},
): Promise<{ id: string; publicId: string; apiKey: string }> {
  const created = await createApiKey({ db, now, team, actor: by }, { name, scopes })
  const id = fromPublicId("key", created.apiKeyId)
  if (!id) throw new Error("A new key has an id")
  return { id, publicId: created.apiKeyId, apiKey: created.apiKey }
}

/** Creates a number of keys of the team, past all checks. */
export async function fillApiKeys(db: Db, team: TestTeam, count: number, revokedAt?: Date): Promise<void> {
  await db.apiKey.createMany({
    data: Array.from({ length: count }, (_, n) => ({
      teamId: team.id,
      name: `Key ${n + 1}`,
      keyHash: crypto.randomUUID(),
      last4: String(n).padStart(4, "0"),
      scopes: ["usage:write"],
      createdByMemberId: team.owner.memberId,
      revokedAt: revokedAt ? new Date(revokedAt.getTime() + n) : null,
    })),
  })
}
