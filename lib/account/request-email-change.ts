import { hashToken, newToken } from "@/lib/auth/token"
import { HOUR_MS } from "@/lib/clock"
import { InvalidInputError, UnavailableError } from "@/lib/errors"
import { log } from "@/lib/log"
import { addressTakenMail, confirmEmailMail } from "@/lib/mail/email-change-mails"
import { MailRefusedError, sendMail } from "@/lib/mail/send-mail"
import { takeAttempt } from "@/lib/rate-limits/take-attempt"
import type { PersonCtx } from "./ctx"

export const CHANGE_LIFETIME_MS = HOUR_MS
const CHANGES_PER_PERSON = { limit: 5, windowMs: HOUR_MS }
const CHANGES_PER_MAILBOX = { limit: 3, windowMs: HOUR_MS }

/**
 * Mails a link to the address that a person wants to have, which confirms the change within an hour. Replaces an
 * earlier request. Whether another account has the address is told in that mail alone, to its owner. Throws
 * `TooManyAttemptsError` for a person or a mailbox that asked too often.
 */
export async function requestEmailChange(
  ctx: PersonCtx & { appUrl: string },
  { email }: { email: string },
): Promise<void> {
  const { db, now, user, appUrl } = ctx
  if (email === user.email) throw new InvalidInputError("This is your address already.", "email")
  const token = newToken()
  const { id, isTaken } = await db.$transaction(async (tx) => {
    await takeAttempt(tx, { subject: `email-change:${user.id}`, ...CHANGES_PER_PERSON }, now)
    await takeAttempt(tx, { subject: `email-change:${email}`, ...CHANGES_PER_MAILBOX }, now)
    const taken = (await tx.user.count({ where: { email } })) > 0
    await tx.emailChange.deleteMany({ where: { userId: user.id, confirmedAt: null } })
    const change = await tx.emailChange.create({
      data: {
        userId: user.id,
        tokenHash: taken ? null : hashToken(token),
        oldEmail: user.email,
        newEmail: email,
        createdAt: now,
        expiresAt: new Date(now.getTime() + CHANGE_LIFETIME_MS),
      },
    })
    return { id: change.id, isTaken: taken }
  })
  const mail = isTaken ? addressTakenMail() : confirmEmailMail(`${appUrl}/account/email?token=${token}`)
  try {
    await sendMail({ to: email, ...mail })
  } catch (error) {
    await db.emailChange.deleteMany({ where: { id } })
    if (error instanceof MailRefusedError)
      throw new InvalidInputError("The mail server refuses this address. Check how it is spelled.", "email")
    log().warn({ err: error }, "The mail about a new address couldn't be sent")
    throw new UnavailableError("The email couldn’t be sent. Try again in a moment.")
  }
}
