import type { Db } from "@/lib/db/client"
import { alarm } from "@/lib/log"
import { notificationMail } from "@/lib/mail/notification-mail"
import { MailRefusedError, sendMail } from "@/lib/mail/send-mail"
import { getPoolNames } from "@/lib/pools/queries"
import { can } from "@/lib/teams/permissions"
import { findNotification, type NotificationRef, toTold } from "./find-notification"
import { listRecipients } from "./recipients"
import { NOTIFICATIONS } from "./types"
import { unsubscribeToken } from "./unsubscribe"
import { inWords } from "./words"

type MailRef = NotificationRef & { memberId: string }

/**
 * Mails a notification to one person, unless they have since left, lost the right to read it or silenced it. The
 * queue tries again while the mail server is away. After a crash at the wrong moment the same mail goes out twice,
 * with one id.
 */
export async function mailNotification(
  ctx: { db: Db; now: Date; appUrl: string },
  ref: MailRef,
): Promise<void> {
  const { teamId, notificationId, memberId } = ref
  const { db, appUrl } = ctx
  const where = { teamId_notificationId_memberId: { teamId, notificationId, memberId } }
  const waiting = await db.notificationMail.findUnique({ where })
  const notification = await findNotification(db, ref)
  if (waiting?.status !== "waiting" || !notification) return
  const recipient = (await listRecipients(db, notification, "email")).find(
    (each) => each.memberId === memberId,
  )
  if (!recipient) return settle(ctx, ref, "skipped")
  const team = await db.team.findUniqueOrThrow({
    where: { id: teamId },
    select: { name: true, slug: true, timeZone: true },
  })
  const { type, poolId } = notification
  const names = await getPoolNames(db, teamId, poolId ? [poolId] : [])
  const words = inWords(toTold(notification), {
    poolName: names.get(poolId ?? "") ?? null,
    canBuy: can(recipient.role, "credits:purchase"),
    isConcerned: recipient.isConcerned,
    timeZone: team.timeZone,
  })
  const at = (path: string) => `${appUrl}/${team.slug}/${path}`
  const token = NOTIFICATIONS[type].canBeSilenced ? unsubscribeToken({ teamId, memberId, type }) : null
  const unsubscribeUrl = token && `${appUrl}/api/unsubscribe?token=${token}`
  const mail = await notificationMail({
    ...words,
    teamName: team.name,
    action: { label: words.action.label, url: at(words.action.path) },
    preferencesUrl: at("settings/notifications"),
    unsubscribeUrl,
  })
  const messageId = `<${notificationId}.${memberId}@${new URL(appUrl).hostname}>`
  try {
    await sendMail({ ...mail, to: recipient.email, messageId, ...(unsubscribeUrl ? { unsubscribeUrl } : {}) })
  } catch (error) {
    if (!(error instanceof MailRefusedError)) throw error
    alarm("mail_refused", { team: teamId, member: memberId }, { notification: notificationId })
    return settle(ctx, ref, "refused")
  }
  await settle(ctx, ref, "sent")
}

async function settle(
  { db, now }: { db: Db; now: Date },
  { teamId, notificationId, memberId }: MailRef,
  status: "sent" | "skipped" | "refused",
): Promise<void> {
  await db.notificationMail.updateMany({
    where: { teamId, notificationId, memberId, status: "waiting" },
    data: { status, settledAt: now },
  })
}
