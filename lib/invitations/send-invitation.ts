import { recordEvent } from "@/lib/audit/record-event"
import { DAY_MS } from "@/lib/clock"
import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { ConflictError, NotFoundError, TooManyAttemptsError } from "@/lib/errors"
import { newId, toPublicId } from "@/lib/ids"
import { announce } from "@/lib/live/announce"
import type { MemberCtx } from "@/lib/members/ctx"
import type { GivenRole } from "@/lib/members/schema"
import { enqueueJob } from "@/lib/queue/enqueue"
import { takeAttempt } from "@/lib/rate-limits/take-attempt"
import { takeOfEach } from "@/lib/rate-limits/take-of-each"
import { lockTeam } from "@/lib/teams/lock-team"
import { requirePermission } from "@/lib/teams/require-permission"
import { findOpen, type OpenInvitation } from "./store"
import { invitationTokenHash } from "./token"

export const INVITATION_LIFE_MS = 7 * DAY_MS

/** Mails that people may cause in a day. More than a big team needs on its first one, few enough to be no use for spam. */
export const INVITATION_LIMITS = { user: 300, team: 500, address: 600 } as const
/** Mails that one mailbox may get in a day, from all teams together. */
export const MAILBOX_LIMIT = 5

/**
 * Invites an address into the team, for an Owner or Admin. An address that is invited already stays one invitation: it
 * gets the new role and another mail, and its former link ends. Throws `ConflictError` for somebody who is in the team,
 * `TooManyAttemptsError` beyond the limits of a day.
 */
export async function invite(
  ctx: MemberCtx,
  { email, role }: { email: string; role: GivenRole },
): Promise<{ invitationId: string }> {
  const { db, now, team, actor } = ctx
  return db.$transaction(async (tx) => {
    await begin(tx, ctx)
    const isMember = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM users u JOIN members m ON m.team_id = ${team.id}::uuid AND m.user_id = u.id AND m.removed_at IS NULL
      WHERE u.email = ${email}`
    if (isMember.length > 0) throw new ConflictError(`${email} is in the team already.`, "email")
    const known = await findOpen(tx, team.id, { email })
    await takeMails(tx, ctx, email)
    if (known) {
      await sendAnew(tx, ctx, known, role)
      return { invitationId: toPublicId("inv", known.id) }
    }
    const id = newId()
    const mailed = { teamId: team.id, id, mails: 1 }
    await tx.invitation.create({
      data: {
        ...mailed,
        email,
        role,
        tokenHash: invitationTokenHash(mailed),
        invitedByMemberId: actor.memberId,
        createdAt: now,
        sentAt: now,
        expiresAt: new Date(now.getTime() + INVITATION_LIFE_MS),
      },
    })
    await announceMail(tx, ctx, { ...mailed, email }, "invitation.sent", { role })
    return { invitationId: toPublicId("inv", id) }
  })
}

/** Mails an open invitation again, with a new link for another seven days. The former link ends. */
export async function resendInvitation(
  ctx: MemberCtx,
  { invitationId }: { invitationId: string },
): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    await begin(tx, ctx)
    const known = await findOpen(tx, ctx.team.id, { id: invitationId })
    if (!known) throw await notOpen(tx, ctx.team.id, invitationId)
    await takeMails(tx, ctx, known.email)
    await sendAnew(tx, ctx, known, known.role)
  })
}

/** Withdraws an open invitation: its link no longer works. Withdrawing it again changes nothing. */
export async function revokeInvitation(
  ctx: MemberCtx,
  { invitationId }: { invitationId: string },
): Promise<void> {
  const { db, now, team, actor } = ctx
  await db.$transaction(async (tx) => {
    await begin(tx, ctx)
    const known = await findOpen(tx, team.id, { id: invitationId })
    if (!known) throw await notOpen(tx, team.id, invitationId)
    await tx.invitation.update({
      where: { teamId_id: { teamId: team.id, id: known.id } },
      data: { revokedAt: now },
    })
    const subject = { kind: "invitation" as const, id: toPublicId("inv", known.id), name: known.email }
    await recordEvent(tx, { teamId: team.id, actor, kind: "invitation.revoked", subject }, now)
    await announce(queryIn(tx), team.id)
  })
}

async function begin(tx: Tx, { team, actor }: MemberCtx): Promise<void> {
  await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "members:manage")
  await lockTeam(tx, team.id)
}

async function notOpen(tx: Tx, teamId: string, id: string): Promise<Error> {
  const known = await tx.invitation.findUnique({ where: { teamId_id: { teamId, id } } })
  if (!known) return new NotFoundError()
  return new ConflictError(
    known.acceptedAt ? `${known.email} has joined the team by now.` : "This invitation was withdrawn.",
  )
}

async function takeMails(tx: Tx, { now, team, actor }: MemberCtx, email: string): Promise<void> {
  try {
    const asker = { userId: actor.userId, teamId: team.id, address: actor.address }
    await takeOfEach(tx, { name: "invitation", limits: INVITATION_LIMITS, windowMs: DAY_MS }, asker, now)
  } catch (error) {
    if (!(error instanceof TooManyAttemptsError)) throw error
    throw new TooManyAttemptsError(
      "Your team has sent as many invitations as a day allows. Try again tomorrow.",
    )
  }
  const mailbox = { subject: `invitation-mail:${email}`, limit: MAILBOX_LIMIT, windowMs: DAY_MS }
  await takeAttempt(tx, mailbox, now).catch((error: unknown) => {
    if (!(error instanceof TooManyAttemptsError)) throw error
    throw new TooManyAttemptsError(
      "This address has been sent several invitations today. Try again tomorrow.",
      "email",
    )
  })
}

async function sendAnew(tx: Tx, ctx: MemberCtx, known: OpenInvitation, role: GivenRole): Promise<void> {
  const { now, team, actor } = ctx
  const mailed = { teamId: team.id, id: known.id, mails: known.mails + 1 }
  await tx.invitation.update({
    where: { teamId_id: { teamId: team.id, id: known.id } },
    data: {
      role,
      mails: mailed.mails,
      tokenHash: invitationTokenHash(mailed),
      invitedByMemberId: actor.memberId,
      sentAt: now,
      expiresAt: new Date(now.getTime() + INVITATION_LIFE_MS),
    },
  })
  const change = role === known.role ? {} : { role }
  await announceMail(tx, ctx, { ...mailed, email: known.email }, "invitation.resent", change)
}

async function announceMail(
  tx: Tx,
  { now, team, actor }: MemberCtx,
  mailed: { id: string; mails: number; email: string },
  kind: "invitation.sent" | "invitation.resent",
  after: { role?: GivenRole },
): Promise<void> {
  const { id: invitationId, mails: mail, email: name } = mailed
  const payload = { teamId: team.id, invitationId, mail }
  await enqueueJob(tx, "mail-invitation", payload, { key: `mail-invitation:${invitationId}` })
  const subject = { kind: "invitation" as const, id: toPublicId("inv", invitationId), name }
  await recordEvent(tx, { teamId: team.id, actor, kind, subject, after }, now)
  await announce(queryIn(tx), team.id)
}
