import { formatUtcTime } from "@/lib/format-time"
import type { Mail } from "./send-mail"

type Words = Pick<Mail, "subject" | "text" | "html">

/** Returns the mail that proves a new address. It contains nothing that a person typed. */
export function confirmEmailMail(url: string): Words {
  return {
    subject: "Confirm your new email address",
    text: `Open this link to use this address for your Credits account. It works once, for an hour, in a browser where you’re signed in.\n\n${url}\n\nIf you didn’t ask for it, ignore this email.\n`,
    html: `<p>Open this link to use this address for your Credits account. It works once, for an hour, in a browser where you’re signed in.</p><p><a href="${escaped(url)}">Confirm the address</a></p><p>If you didn’t ask for it, ignore this email.</p>`,
  }
}

/** Returns the mail to an address that has an account, which somebody else wanted for theirs. */
export function addressTakenMail(): Words {
  const text =
    "Somebody asked to use this address for their Credits account. It already belongs to an account, so nothing was changed. If it was you, sign in with this address instead, or use another one."
  return { subject: "This address already has an account", text: `${text}\n`, html: `<p>${text}</p>` }
}

/** Returns the notice to a former address. */
export function emailChangedMail({ newEmail, at }: { newEmail: string; at: Date }): Words {
  const said = `Your Credits account now uses ${newEmail} instead of this address, since ${formatUtcTime(at)}. Other browsers were signed out.`
  const warning = "If this wasn’t you, contact support at once: whoever did it can sign in to your account."
  return {
    subject: "Your email address was changed",
    text: `${said}\n\n${warning}\n`,
    html: `<p>${escaped(said)}</p><p>${warning}</p>`,
  }
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
