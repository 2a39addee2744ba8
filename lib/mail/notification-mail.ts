import { framedMail } from "./framed-mail"
import type { Mail } from "./send-mail"

export type NotificationMail = {
  title: string
  body: string
  teamName: string
  action: { label: string; url: string }
  preferencesUrl: string
  /** Null where it can't be silenced. */
  unsubscribeUrl: string | null
}

/** Renders the mail about one notification. */
export function notificationMail({
  preferencesUrl,
  unsubscribeUrl,
  ...mail
}: NotificationMail): Promise<Pick<Mail, "subject" | "text" | "html">> {
  return framedMail({
    ...mail,
    subject: `${mail.title} · ${mail.teamName}`,
    footer: [
      { text: "You get this because of your role in the team." },
      { text: "Choose your alerts", url: preferencesUrl },
      ...(unsubscribeUrl ? [{ text: "Stop emails like this", url: unsubscribeUrl }] : []),
    ],
  })
}
