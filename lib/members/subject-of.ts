import type { AuditSubject } from "@/lib/audit/record-event"
import type { Tx } from "@/lib/db/client"
import { toPublicId } from "@/lib/ids"
import { getNames } from "@/lib/teams/names"

/** Returns a member as the subject of an event, under their present name. */
export async function subjectOf(tx: Tx, member: { id: string; userId: string }): Promise<AuditSubject> {
  const names = await getNames(tx, [member.userId])
  return {
    kind: "member",
    id: toPublicId("member", member.id),
    name: names.get(member.userId) ?? "Former member",
  }
}
