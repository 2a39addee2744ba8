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
  /** Goes to the team's billing email, not to a person. `preferencesUrl` is then where that is changed. */
  isBillingNotice?: boolean
}

/** Renders the mail about one notification. */
export function notificationMail({
  preferencesUrl,
  unsubscribeUrl,
  isBillingNotice = false,
  ...mail
}: NotificationMail): Promise<Pick<Mail, "subject" | "text" | "html">> {
  return framedMail({
    ...mail,
    subject: `${mail.title} · ${mail.teamName}`,
    footer: [
      ...(isBillingNotice
        ? [
            { text: "You get this because this address is the team’s billing email." },
            { text: "Change the billing email", url: preferencesUrl },
          ]
        : [
            { text: "You get this because of your role in the team." },
            { text: "Choose your alerts", url: preferencesUrl },
          ]),
      ...(unsubscribeUrl ? [{ text: "Stop emails like this", url: unsubscribeUrl }] : []),
    ],
  })
}
