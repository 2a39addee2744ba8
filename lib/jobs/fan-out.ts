import type { Db, Tx } from "@/lib/db/client"
import { toPublicId } from "@/lib/ids"
import { canMail } from "@/lib/mail/send-mail"
import {
  findNotification,
  type NotificationRef,
  type StoredNotification,
} from "@/lib/notifications/find-notification"
import { listRecipients } from "@/lib/notifications/recipients"
import { BILLING_NOTICES, MAILED_WITH_DOCUMENT } from "@/lib/notifications/types"
import { enqueueJob } from "@/lib/queue/enqueue"
import { addDeliveries } from "@/lib/webhooks/add-deliveries"

/**
 * Adds a job for each mail and webhook that carries a notification. The key names cause and recipient, so a repeated
 * run adds nothing. The app shows the notification already.
 */
export async function fanOut({ db, now }: { db: Db; now: Date }, ref: NotificationRef): Promise<void> {
  await db.$transaction(async (tx) => {
    const notification = await findNotification(tx, ref)
    if (!notification) return
    if (canMail() && !MAILED_WITH_DOCUMENT.includes(notification.type)) {
      await addMails(tx, ref, await listRecipients(tx, notification, "email"))
      if (BILLING_NOTICES.includes(notification.type))
        await enqueueJob(tx, "mail-billing-notice", ref, { key: `mail-billing-notice:${ref.notificationId}` })
    }
    await addWebhooks(tx, notification, now)
  })
}

async function addWebhooks(tx: Tx, notification: StoredNotification, now: Date): Promise<void> {
  const { teamId, id, type, data, poolId, createdAt } = notification
  const endpoints = await tx.webhookEndpoint.findMany({
    where: { teamId, deletedAt: null, disabledReason: null, types: { has: type } },
    select: { id: true },
  })
  if (endpoints.length === 0) return
  const sent = { ...(data as object), ...(poolId ? { pool_id: toPublicId("pool", poolId) } : {}) }
  const delivery = { type, data: sent, occurredAt: createdAt, notificationId: id }
  await addDeliveries(
    tx,
    teamId,
    endpoints.map((endpoint) => endpoint.id),
    delivery,
    now,
  )
}

async function addMails(
  tx: Tx,
  { teamId, notificationId }: NotificationRef,
  recipients: { memberId: string }[],
): Promise<void> {
  await tx.notificationMail.createMany({
    data: recipients.map(({ memberId }) => ({ teamId, notificationId, memberId })),
    skipDuplicates: true,
  })
  for (const { memberId } of recipients) {
    const key = `mail-notification:${notificationId}:${memberId}`
    await enqueueJob(tx, "mail-notification", { teamId, notificationId, memberId }, { key })
  }
}
