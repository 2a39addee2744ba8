import type { Mail } from "./send-mail"

/** Returns the mail with a sign-in link. It contains nothing that a person typed. */
export function signInMail(url: string): Omit<Mail, "to"> {
  const href = url.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;")
  return {
    subject: "Sign in to Credits",
    text: `Open this link to sign in to Credits. It works once, for 15 minutes.\n\n${url}\n\nIf you didn’t ask for it, ignore this email.\n`,
    html: `<p>Open this link to sign in to Credits. It works once, for 15 minutes.</p><p><a href="${href}">Sign in to Credits</a></p><p>If you didn’t ask for it, ignore this email.</p>`,
  }
}
