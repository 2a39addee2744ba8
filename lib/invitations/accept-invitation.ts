import { recordEvent } from "@/lib/audit/record-event"
import type { Db } from "@/lib/db/client"
import { ConflictError } from "@/lib/errors"
import { toPublicId } from "@/lib/ids"
import { joinTeam } from "@/lib/members/join-team"
import { invitedEmailSchema } from "./schema"
import { parseInvitationToken } from "./token"

export type JoiningPerson = { id: string; name: string; email: string; address: string }

export const INVITATION_GONE =
  "This invitation no longer works. If you were sent a newer one, open that. Otherwise ask for another."
export const INVITATION_EXPIRED = "This invitation has expired. Ask for another."

/**
 * Lets the signed-in person into the team that invited their address, and returns the team's slug. Of many attempts at
 * once one joins; the same person's others find that they are in the team. Throws `ConflictError` with the reason for
 * everybody else, and for an invitation that has ended.
 */
export async function acceptInvitation(
  { db, now, person }: { db: Db; now: Date; person: JoiningPerson },
  { token }: { token: string },
): Promise<{ slug: string }> {
  const place = parseInvitationToken(token)
  if (!place) throw new ConflictError(INVITATION_GONE)
  return db.$transaction(async (tx) => {
    const invitation = await tx.invitation.findUnique({ where: { teamId_tokenHash: place } })
    if (!invitation || !isFor(invitation, person)) throw new ConflictError(INVITATION_GONE)
    const { teamId, id } = invitation
    const role = invitation.role === "ADMIN" ? "ADMIN" : "MEMBER"
    const joining = await joinTeam(tx, { teamId, userId: person.id, role }, { allowsBack: true }, now)
    // The team is locked by now, so that nobody accepts, withdraws or resends it meanwhile.
    const present = await tx.invitation.findUnique({ where: { teamId_tokenHash: place } })
    if (joining.status === "no_team" || joining.status === "was_removed" || !present || present.revokedAt)
      throw new ConflictError(INVITATION_GONE)
    const team = await tx.team.findUniqueOrThrow({
      where: { id: teamId },
      select: { slug: true, name: true },
    })
    if (joining.status === "already_in") {
      if (!present.acceptedAt)
        await tx.invitation.update({
          where: { teamId_id: { teamId, id } },
          data: { acceptedAt: now, acceptedByMemberId: joining.memberId },
        })
      return { slug: team.slug }
    }
    // Accepted before, by somebody who has left again.
    if (present.acceptedAt) throw new ConflictError(INVITATION_GONE)
    if (present.expiresAt <= now) throw new ConflictError(INVITATION_EXPIRED)
    const { memberId } = joining
    await tx.invitation.update({
      where: { teamId_id: { teamId, id } },
      data: { acceptedAt: now, acceptedByMemberId: memberId },
    })
    const actor = { memberId, userId: person.id, email: person.email, address: person.address }
    const subject = { kind: "member" as const, id: toPublicId("member", memberId), name: person.name }
    const after = { role, by: "invitation", invitation: toPublicId("inv", id) }
    await recordEvent(tx, { teamId, actor, kind: "member.joined", subject, after }, now)
    return { slug: team.slug }
  })
}

/** Whether the invitation is bound to the person's address. Whoever is signed in has proved it. */
export function isFor({ email }: { email: string }, person: { email: string }): boolean {
  return invitedEmailSchema.safeParse(person.email).data === email
}
