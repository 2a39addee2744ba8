import type { AuditKind } from "@/lib/audit/kinds"
import { type JsonValue, recordEvent } from "@/lib/audit/record-event"
import type { Tx } from "@/lib/db/client"
import { toPublicId } from "@/lib/ids"
import type { PersonCtx } from "./ctx"

type Change = {
  kind: AuditKind
  name: string
  before: Record<string, JsonValue>
  after: Record<string, JsonValue>
}

/**
 * Tells each team of a person what changed about them: its audit log, and the processes that remember its members by
 * name and address.
 */
export async function tellTeams(tx: Tx, { user, address, now }: PersonCtx, change: Change): Promise<void> {
  const { kind, name, before, after } = change
  // The database counts up each team's version, as it does whenever a member changes.
  const members = await tx.$queryRaw<{ teamId: string; id: string }[]>`
    UPDATE members SET user_id = user_id WHERE user_id = ${user.id}::uuid AND removed_at IS NULL
    RETURNING team_id AS "teamId", id`
  for (const { teamId, id } of members)
    await recordEvent(
      tx,
      {
        teamId,
        actor: { memberId: id, userId: user.id, email: user.email, address },
        kind,
        subject: { kind: "member", id: toPublicId("member", id), name },
        before,
        after,
      },
      now,
    )
}
