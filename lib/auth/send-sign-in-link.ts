import { MINUTE_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { addressSchema } from "@/lib/mail/address"
import { sendMail } from "@/lib/mail/send-mail"
import { signInMail } from "@/lib/mail/sign-in-mail"
import { takeAttempt } from "@/lib/rate-limits/take-attempt"
import { hashToken, newToken } from "./token"

export const LINK_LIFETIME_MS = 15 * MINUTE_MS
const LINKS_PER_MAILBOX = { limit: 5, windowMs: 10 * MINUTE_MS }
const LINKS_PER_CLIENT = { limit: 30, windowMs: 10 * MINUTE_MS }

type LinkCtx = { db: Db; now: Date; appUrl: string; client: string }

/**
 * Mails a link that signs its reader in once, within 15 minutes, and then leads to `next`. The database keeps only a
 * hash of its token. Throws for a malformed address, `TooManyAttemptsError` for a mailbox or client that asked too
 * often, and whatever the mail server throws.
 */
export async function sendSignInLink(
  { db, now, appUrl, client }: LinkCtx,
  asked: { email: string; next: string },
): Promise<void> {
  const email = addressSchema.parse(asked.email)
  const token = newToken()
  await db.$transaction(async (tx) => {
    await takeAttempt(tx, { subject: `sign-in-link:${email}`, ...LINKS_PER_MAILBOX }, now)
    await takeAttempt(tx, { subject: `sign-in-client:${client}`, ...LINKS_PER_CLIENT }, now)
    const expiresAt = new Date(now.getTime() + LINK_LIFETIME_MS)
    await tx.verificationToken.create({ data: { identifier: email, tokenHash: hashToken(token), expiresAt } })
  })
  const query = new URLSearchParams({ token, ...(asked.next === "/" ? {} : { next: asked.next }) })
  await sendMail({ to: email, ...signInMail(`${appUrl}/sign-in/link?${query}`) })
}
