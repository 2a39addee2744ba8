import type { Db, Tx } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { fromPublicId } from "@/lib/ids"
import { alarm } from "@/lib/log"
import { type FramedMail, framedMail } from "@/lib/mail/framed-mail"
import { canMail, MailRefusedError, sendMail } from "@/lib/mail/send-mail"
import { formatUsd, fromDecimalString } from "@/lib/money/usd"
import { getPoolInWords } from "@/lib/pools/queries"
import { enqueueJob } from "@/lib/queue/enqueue"
import { getMemberName } from "@/lib/teams/names"
import { roleInWords } from "@/lib/teams/permissions"
import type { GivenRole } from "./schema"

type EventRef = { teamId: string; eventId: string }
type Ctx = { db: Db; appUrl: string }

/** Has the person mailed whom an event of the audit log removed or gave another role, in the transaction of the deed. */
export async function enqueueMembershipMail(tx: Tx, ref: EventRef): Promise<void> {
  await enqueueJob(tx, "mail-membership-change", ref, { key: `mail-membership-change:${ref.eventId}` })
}

const RIGHTS: Record<GivenRole, string> = {
  ADMIN: "You can buy credits and manage members and API keys.",
  MEMBER: "You use credits and see your own balance. You no longer manage the team.",
}

type Facts = {
  db: Db
  /** Below it lie the addresses of the app. */
  appUrl: string
  team: { id: string; name: string; slug: string }
  event: { id: string; kind: string; after: unknown; occurredAt: Date }
  member: { id: string; role: Role; removedAt: Date | null }
  by: string
}

/**
 * Mails a person that they were removed, with where their bought credits went, or that their role is another, unless
 * that has been changed again by now. After a crash at the wrong moment the same mail goes out twice, with one id.
 */
export async function mailMembershipChange(
  { db, appUrl }: Ctx,
  { teamId, eventId }: EventRef,
): Promise<void> {
  if (!canMail()) return
  const event = await db.auditEvent.findUnique({ where: { teamId_id: { teamId, id: eventId } } })
  const memberId = event?.subjectId ? fromPublicId("member", event.subjectId) : null
  const team = await db.team.findFirst({ where: { id: teamId, deletedAt: null } })
  if (!event?.memberId || !memberId || !team) return
  const member = await db.member.findUniqueOrThrow({ where: { teamId_id: { teamId, id: memberId } } })
  // Whoever has deleted their account is mailed nothing.
  const user = await db.user.findUnique({ where: { id: member.userId }, select: { email: true } })
  if (!user) return
  const by = await getMemberName(db, teamId, event.memberId)
  const facts = { db, appUrl, team, event, member, by }
  const words = event.kind === "member.removed" ? await ofRemoval(facts) : ofRole(facts)
  if (!words) return
  const messageId = `<${eventId}.membership@${new URL(appUrl).hostname}>`
  try {
    await sendMail({ ...(await framedMail(words)), to: user.email, messageId })
  } catch (error) {
    if (!(error instanceof MailRefusedError)) throw error
    alarm("mail_refused", { team: teamId, member: memberId }, { event: eventId })
  }
}

async function ofRemoval(facts: Facts): Promise<FramedMail | null> {
  const { appUrl, team, event, member, by } = facts
  if (member.removedAt?.getTime() !== event.occurredAt.getTime()) return null
  const credits = await creditsInWords(facts)
  return {
    subject: `You were removed from ${team.name}`,
    title: `You no longer have access to ${team.name}`,
    body: `${by} removed you from the team.${credits ? ` ${credits}` : ""}`,
    teamName: team.name,
    action: { label: "See your teams", url: `${appUrl}/teams` },
    footer: [{ text: `If you think that this is a mistake, ask ${by}.` }],
  }
}

/** Says where a removed person's bought credits are. Null if they had none of their own. */
async function creditsInWords({ db, team, event, member }: Facts): Promise<string | null> {
  const pool = await db.pool.findFirst({ where: { teamId: team.id, memberId: member.id } })
  if (!pool) return null
  const { credits, moved } = event.after as { credits: "moved" | "kept"; moved: string }
  if (credits === "moved") {
    const transfer = await db.transfer.findFirst({
      where: { teamId: team.id, fromPoolId: pool.id, reason: "removal", createdAt: event.occurredAt },
    })
    if (!transfer) return null
    const to = await getPoolInWords(db, team.id, transfer.toPoolId)
    return `${formatUsd(fromDecimalString(moved))} of bought credits was moved to ${to}.`
  }
  const [row] = await db.$queryRaw<{ nanos: bigint }[]>`
    SELECT ledger_transferable(${team.id}::uuid, ${pool.id}::uuid) AS nanos`
  if (!row || row.nanos <= 0n) return null
  return `${formatUsd(row.nanos)} of bought credits stays in your former pool, where only the Owner can move it.`
}

function ofRole({ appUrl, team, event, member, by }: Facts): FramedMail | null {
  const isHandedOver = event.kind === "ownership.accepted"
  const role: GivenRole = isHandedOver ? "ADMIN" : (event.after as { role: GivenRole }).role
  if (member.removedAt || member.role !== role) return null
  return {
    subject: `You are now ${roleInWords(role)} of ${team.name}`,
    title: `You are now ${roleInWords(role)}`,
    body: isHandedOver
      ? `${by} accepted ownership of the team and is its Owner. You stay as ${roleInWords(role)}.`
      : `${by} changed your role in the team. ${RIGHTS[role]}`,
    teamName: team.name,
    action: { label: "Open the team", url: `${appUrl}/${team.slug}` },
    footer: [],
  }
}
