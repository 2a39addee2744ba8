import { createTransport } from "nodemailer"
import { db } from "@/lib/db/client"
import { env } from "@/lib/env"

export type Mail = { to: string; subject: string; text: string; html: string }

/**
 * Sends a mail to one person through the configured SMTP server. Without one, in the demo, the mail goes to the outbox
 * page instead.
 */
export async function sendMail({ to, subject, text, html }: Mail): Promise<void> {
  const { SMTP_URL, MAIL_FROM, DEMO_MODE } = env()
  if (!SMTP_URL) {
    if (!DEMO_MODE) throw new Error("Mail needs SMTP_URL")
    await db().outboxMail.create({ data: { recipient: to, subject, bodyText: text } })
    return
  }
  const transport = createTransport(SMTP_URL, { connectionTimeout: 10_000, socketTimeout: 10_000 } as object)
  try {
    // An address object, not a string: nothing in it can become a second recipient or a header.
    await transport.sendMail({ from: MAIL_FROM, to: { name: "", address: to }, subject, text, html })
  } finally {
    transport.close()
  }
}
