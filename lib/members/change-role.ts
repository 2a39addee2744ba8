import { recordEvent } from "@/lib/audit/record-event"
import { queryIn } from "@/lib/db/query"
import { announce } from "@/lib/live/announce"
import type { MemberCtx } from "./ctx"
import { lockOther } from "./lock-other"
import { enqueueMembershipMail } from "./mail-membership-change"
import type { GivenRole } from "./schema"
import { subjectOf } from "./subject-of"

/**
 * Gives a member another role, from their next request on. Open pages hear of it,
 * and the person is mailed. Owners and Admins only, and nobody
 * changes the Owner. The same role again changes nothing.
 */
export async function changeRole(
  ctx: MemberCtx,
  { memberId, role }: { memberId: string; role: GivenRole },
): Promise<void> {
  const { db, now, team, actor } = ctx
  await db.$transaction(async (tx) => {
    const { member } = await lockOther(tx, ctx, { memberId, permission: "members:manage" })
    if (member.role === role) return
    await tx.member.update({ where: { teamId_id: { teamId: team.id, id: memberId } }, data: { role } })
    const change = { before: { role: member.role }, after: { role } }
    const subject = await subjectOf(tx, member)
    const deed = { teamId: team.id, actor, kind: "member.role_changed" as const, subject, ...change }
    const eventId = await recordEvent(tx, deed, now)
    if (memberId !== actor.memberId) await enqueueMembershipMail(tx, { teamId: team.id, eventId })
    await announce(queryIn(tx), team.id)
  })
}
