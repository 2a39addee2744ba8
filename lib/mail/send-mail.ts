import { createTransport } from "nodemailer"
import { db } from "@/lib/db/client"
import { env } from "@/lib/env"
import { addressSchema } from "./address"

export type Mail = {
  to: string
  subject: string
  text: string
  html: string
  /** The same for every copy of a mail, so that mail programs show two copies as one. */
  messageId?: string
  /** The address where a mail program may post to stop mails of this kind. */
  unsubscribeUrl?: string
  attachments?: { filename: string; content: Buffer; contentType: string }[]
}

/** The mail server will never accept mail for this address. */
export class MailRefusedError extends Error {}

/** Whether mail can be sent or kept anywhere. People may sign in without it. */
export function canMail(): boolean {
  const { SMTP_URL, DEMO_MODE } = env()
  return Boolean(SMTP_URL) || DEMO_MODE
}

/**
 * Sends a mail to one person through the configured SMTP server. Without one, in the demo, the mail goes to the
 * outbox page, without its attachments. Throws MailRefusedError for an address that is refused for good; after any other error, another try
 * may work.
 */
export async function sendMail(mail: Mail): Promise<void> {
  const { SMTP_URL, MAIL_FROM, DEMO_MODE } = env()
  const { to, text, html, messageId, unsubscribeUrl, attachments } = mail
  const subject = inOneLine(mail.subject)
  if (!addressSchema.safeParse(to).success) throw new MailRefusedError("Not one mail address")
  if (!SMTP_URL) {
    if (!DEMO_MODE) throw new Error("Mail needs SMTP_URL")
    await db().outboxMail.create({ data: { recipient: to, subject, bodyText: text } })
    return
  }
  const transport = createTransport(SMTP_URL, { connectionTimeout: 10_000, socketTimeout: 10_000 } as object)
  try {
    await transport.sendMail({
      from: MAIL_FROM,
      // An address object, not a string, so that nothing in it can become a second recipient or a header.
      to: { name: "", address: to },
      subject,
      text,
      html,
      ...(messageId ? { messageId } : {}),
      ...(unsubscribeUrl ? { headers: oneClick(unsubscribeUrl) } : {}),
      ...(attachments ? { attachments } : {}),
    })
  } catch (error) {
    throw isRefusedForGood(error) ? new MailRefusedError(String(error)) : error
  } finally {
    transport.close()
  }
}

/** RFC 8058. */
const oneClick = (url: string) => ({
  "List-Unsubscribe": `<${url}>`,
  "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
})

function inOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 200)
}

// Looks for the server's verdict on the recipient. A verdict on us, such as a wrong password, is for the operator to
// mend.
function isRefusedForGood(error: unknown): boolean {
  const { code, responseCode } = Object(error) as { code?: string; responseCode?: number }
  return code === "EENVELOPE" && responseCode !== undefined && responseCode >= 500
}
