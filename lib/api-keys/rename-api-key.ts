import type { MemberActor } from "@/lib/audit/actor"
import { recordEvent } from "@/lib/audit/record-event"
import { requirePermission } from "@/lib/teams/require-permission"
import type { ApiKeyCtx } from "./create-api-key"
import { lockWorkingKey } from "./store"
import { keySubject } from "./subject"

/** Gives a key another name. Owners and Admins only. A revoked key keeps the name under which it is remembered. */
export async function renameApiKey(
  { db, now, team, actor }: ApiKeyCtx & { actor: MemberActor },
  { apiKeyId, name }: { apiKeyId: string; name: string },
): Promise<void> {
  await db.$transaction(async (tx) => {
    await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "api-keys:manage")
    const key = await lockWorkingKey(tx, team.id, apiKeyId)
    if (key.name === name) return
    await tx.apiKey.update({ where: { teamId_id: { teamId: team.id, id: apiKeyId } }, data: { name } })
    await recordEvent(
      tx,
      {
        teamId: team.id,
        actor,
        kind: "api_key.renamed",
        subject: keySubject({ id: apiKeyId, name }),
        before: { name: key.name },
        after: { name },
      },
      now,
    )
  })
}
