import { getBillingEmail } from "@/lib/customers/billing-details"
import type { Db } from "@/lib/db/client"
import { alarm } from "@/lib/log"
import { notificationMail } from "@/lib/mail/notification-mail"
import { canMail, MailRefusedError, sendMail } from "@/lib/mail/send-mail"
import { listRecipients } from "@/lib/notifications/recipients"
import { unsubscribeToken } from "@/lib/notifications/unsubscribe"
import { inWords } from "@/lib/notifications/words"
import { statementNumber } from "./month"
import { statementPdf } from "./pdf"
import { getStatement } from "./queries"
import { factsOf } from "./tell-statement"

const TYPE = "credit_statement_ready"

type Ref = { teamId: string; statementId: string; memberId: string | null }
type Ctx = { db: Db; appUrl: string }

/** `memberId`: the person who gets it as a member. Null for the billing email. */
type Recipient = { email: string; memberId: string | null }

/**
 * Mails a statement with its document to one address, unless that has lost the right to it since, or gets it in another
 * of these mails. The queue tries again while the mail server is away. After a crash at the wrong moment the same mail
 * goes out twice, with one id.
 */
export async function mailStatement({ db, appUrl }: Ctx, ref: Ref): Promise<void> {
  if (!canMail()) return
  const { teamId, statementId } = ref
  const recipient = await findRecipient(db, ref)
  const statement = await getStatement(db, teamId, { id: statementId })
  const team = await db.team.findUniqueOrThrow({
    where: { id: teamId },
    select: { name: true, slug: true, deletedAt: true },
  })
  if (!recipient || !statement || team.deletedAt) return
  const { email, memberId } = recipient
  const words = inWords(
    { type: TYPE, poolId: null, data: factsOf(statement) },
    { poolName: null, canBuy: true },
  )
  const at = (path: string) => `${appUrl}/${team.slug}/${path}`
  const token = memberId && unsubscribeToken({ teamId, memberId, type: TYPE })
  const unsubscribeUrl = token && `${appUrl}/api/unsubscribe?token=${token}`
  const mail = await notificationMail({
    ...words,
    body: `${words.body} The statement is attached.`,
    teamName: team.name,
    action: { label: words.action.label, url: at(words.action.path) },
    preferencesUrl: at(memberId ? "settings/notifications" : "settings/general"),
    unsubscribeUrl,
    isBillingNotice: memberId === null,
  })
  const messageId = `<${statementId}.${ref.memberId ?? "billing"}@${new URL(appUrl).hostname}>`
  const document = {
    filename: `${statementNumber(statement)}.pdf`,
    content: await statementPdf(statement, { pageUrl: at(words.action.path) }),
    contentType: "application/pdf",
  }
  try {
    await sendMail({
      ...{ ...mail, to: email, messageId, attachments: [document] },
      ...(unsubscribeUrl ? { unsubscribeUrl } : {}),
    })
  } catch (error) {
    if (!(error instanceof MailRefusedError)) throw error
    alarm("mail_refused", { team: teamId, member: memberId }, { statement: statementId })
  }
}

/** Null for whoever isn't to get it now. */
async function findRecipient(db: Db, { teamId, memberId }: Ref): Promise<Recipient | null> {
  const billingEmail = await getBillingEmail(db, teamId)
  const members = await listRecipients(db, { teamId, type: TYPE, poolId: null, memberId: null }, "email")
  if (memberId !== null) {
    const member = members.find((each) => each.memberId === memberId)
    return member && member.email !== billingEmail ? { email: member.email, memberId } : null
  }
  if (billingEmail !== null) return { email: billingEmail, memberId: null }
  const owner = await findOwner(db, teamId)
  // An Owner who asked for these mails gets one as a member; one who turned them off gets none.
  return owner && owner.choice === null ? { email: owner.email, memberId: owner.memberId } : null
}

async function findOwner(db: Db, teamId: string) {
  const [owner] = await db.$queryRaw<{ memberId: string; email: string; choice: boolean | null }[]>`
    SELECT m.id AS "memberId", u.email, c.enabled AS choice FROM members m JOIN users u ON u.id = m.user_id
    LEFT JOIN notification_preferences c ON c.team_id = m.team_id AND c.member_id = m.id AND c.type = ${TYPE} AND c.channel = 'email'
    WHERE m.team_id = ${teamId}::uuid AND m.role = 'OWNER' AND m.removed_at IS NULL`
  return owner
}
