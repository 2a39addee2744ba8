import { getBillingEmail } from "@/lib/customers/billing-details"
import type { Db } from "@/lib/db/client"
import { alarm } from "@/lib/log"
import { notificationMail } from "@/lib/mail/notification-mail"
import { MailRefusedError, sendMail } from "@/lib/mail/send-mail"
import { getPoolNames } from "@/lib/pools/queries"
import { findNotification, type NotificationRef, toTold } from "./find-notification"
import { listRecipients } from "./recipients"
import { inWords } from "./words"

/**
 * Mails a notice about a payment to the team's billing email, unless a member who is told anyway has that address. The
 * queue tries again while the mail server is away. After a crash at the wrong moment the same mail goes out twice, with
 * one id.
 */
export async function mailBillingNotice(
  { db, appUrl }: { db: Db; appUrl: string },
  ref: NotificationRef,
): Promise<void> {
  const { teamId, notificationId } = ref
  const email = await getBillingEmail(db, teamId)
  const notification = email === null ? null : await findNotification(db, ref)
  if (email === null || !notification) return
  const told = await listRecipients(db, notification, "email")
  if (told.some((each) => each.email === email)) return
  const team = await db.team.findUniqueOrThrow({
    where: { id: teamId },
    select: { name: true, slug: true, timeZone: true, deletedAt: true },
  })
  if (team.deletedAt) return
  const { poolId } = notification
  const names = await getPoolNames(db, teamId, poolId ? [poolId] : [])
  const words = inWords(toTold(notification), {
    poolName: names.get(poolId ?? "") ?? null,
    canBuy: true,
    timeZone: team.timeZone,
  })
  const at = (path: string) => `${appUrl}/${team.slug}/${path}`
  const mail = await notificationMail({
    ...words,
    teamName: team.name,
    action: { label: words.action.label, url: at(words.action.path) },
    preferencesUrl: at("settings/general"),
    unsubscribeUrl: null,
    isBillingNotice: true,
  })
  const messageId = `<${notificationId}.billing@${new URL(appUrl).hostname}>`
  try {
    await sendMail({ ...mail, to: email, messageId })
  } catch (error) {
    if (!(error instanceof MailRefusedError)) throw error
    alarm("mail_refused", { team: teamId, member: null }, { notification: notificationId })
  }
}
