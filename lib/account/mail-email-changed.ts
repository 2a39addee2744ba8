import type { Db } from "@/lib/db/client"
import { alarm } from "@/lib/log"
import { emailChangedMail } from "@/lib/mail/email-change-mails"
import { MailRefusedError, sendMail } from "@/lib/mail/send-mail"

/** Tells a person's former address that it is theirs no more. The queue tries again while the mail server is away. */
export async function mailEmailChanged(
  { db }: { db: Db },
  { changeId }: { changeId: string },
): Promise<void> {
  const change = await db.emailChange.findUnique({ where: { id: changeId } })
  if (!change?.confirmedAt) return
  const { oldEmail, newEmail, confirmedAt } = change
  try {
    await sendMail({ to: oldEmail, ...emailChangedMail({ newEmail, at: confirmedAt }) })
  } catch (error) {
    if (!(error instanceof MailRefusedError)) throw error
    alarm("mail_refused", { emailChange: changeId })
  }
}
