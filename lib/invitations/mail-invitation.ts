import type { Db } from "@/lib/db/client"
import { alarm } from "@/lib/log"
import { framedMail } from "@/lib/mail/framed-mail"
import { MailRefusedError, sendMail } from "@/lib/mail/send-mail"
import { getMemberNames } from "@/lib/teams/names"
import { roleInWords } from "@/lib/teams/permissions"
import { invitationToken } from "./token"

/**
 * Mails an invitation's link, unless the invitation has ended or a later mail has replaced this one. The queue tries
 * again while the mail server is away. After a crash at the wrong moment the same mail goes out twice, with one id.
 */
export async function mailInvitation(
  { db, now, appUrl }: { db: Db; now: Date; appUrl: string },
  { teamId, invitationId, mail }: { teamId: string; invitationId: string; mail: number },
): Promise<void> {
  const invitation = await db.invitation.findFirst({
    where: {
      teamId,
      id: invitationId,
      mails: mail,
      acceptedAt: null,
      revokedAt: null,
      expiresAt: { gt: now },
    },
  })
  const team = await db.team.findFirst({ where: { id: teamId, deletedAt: null }, select: { name: true } })
  if (!invitation || !team) return
  const { email, role, invitedByMemberId } = invitation
  const names = await getMemberNames(db, teamId, [invitedByMemberId])
  const inviter = names.get(invitedByMemberId) ?? "Somebody"
  const token = invitationToken({ teamId, id: invitationId, mails: mail })
  const words = await framedMail({
    subject: `${inviter} invites you to ${team.name}`,
    title: `Join ${team.name}`,
    body: `${inviter} invites you to the team ${team.name} as ${roleInWords(role)}. Sign in with ${email} to accept.`,
    teamName: team.name,
    action: { label: "See the invitation", url: `${appUrl}/invitation?token=${token}` },
    footer: [
      { text: "The link works once, for 7 days, and only for this address." },
      { text: "If you weren’t expecting it, ignore this email." },
    ],
  })
  const messageId = `<${invitationId}.${mail}@${new URL(appUrl).hostname}>`
  try {
    await sendMail({ ...words, to: email, messageId })
  } catch (error) {
    if (!(error instanceof MailRefusedError)) throw error
    alarm("mail_refused", { team: teamId }, { invitation: invitationId })
  }
}
