import type { Db, Tx } from "@/lib/db/client"
import { enqueueJob } from "@/lib/jobs/enqueue"
import { canMail } from "@/lib/mail/send-mail"
import { listRecipients } from "./recipients"
import { findNotification, type NotificationRef } from "./store"

/**
 * Adds a job for each mail that a notification goes out by. Once, however often it runs: what each is about and whom it goes
 * to is its key. In the app it is there already.
 */
export async function fanOut({ db }: { db: Db }, ref: NotificationRef): Promise<void> {
  await db.$transaction(async (tx) => {
    const notification = await findNotification(tx, ref)
    if (!notification) return
    if (canMail()) await addMails(tx, ref, await listRecipients(tx, notification, "email"))
  })
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
