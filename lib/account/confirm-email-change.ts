import { endSessions } from "@/lib/auth/end-sessions"
import { hashToken } from "@/lib/auth/token"
import type { Db, Tx } from "@/lib/db/client"
import { ConflictError } from "@/lib/errors"
import { enqueueJob } from "@/lib/queue/enqueue"
import type { PersonCtx } from "./ctx"
import { tellTeams } from "./tell-teams"

/**
 * Returns the change that a link confirms, without using it up, because mail scanners open links too. Null when it is
 * used, taken back or too old, or when somebody else asked for it.
 */
export async function findEmailChange(
  { db, now, user }: { db: Db; now: Date; user: { id: string } },
  token: string,
): Promise<{ newEmail: string } | null> {
  const change = await db.emailChange.findUnique({ where: { tokenHash: hashToken(token) } })
  return change && change.userId === user.id && change.expiresAt > now ? { newEmail: change.newEmail } : null
}

/**
 * Gives a person the address that the link proves. Only in a browser where that person is signed in: otherwise somebody
 * could lead another's mailbox to an account of their own. All other sessions end, and the former address is told.
 */
export async function confirmEmailChange(
  ctx: PersonCtx & { sessionHash: string },
  { token }: { token: string },
): Promise<{ email: string }> {
  const { db, now, user, sessionHash } = ctx
  return db.$transaction(async (tx) => {
    const change = await lockChange(tx, token)
    if (!change || change.userId !== user.id || change.expiresAt <= now)
      throw new ConflictError("This link was used or is too old. Ask for another one on your profile.")
    const { id, newEmail, oldEmail } = change
    // Signing in with the address may have made an account meanwhile.
    const [changed] = await tx.$queryRaw<{ name: string | null }[]>`
      UPDATE users SET email = ${newEmail}, email_verified_at = ${now}
      WHERE id = ${user.id}::uuid AND NOT EXISTS (SELECT 1 FROM users u WHERE u.email = ${newEmail})
      RETURNING name`
    if (!changed) throw new ConflictError("This address can’t be used for your account.")
    await tx.emailChange.update({ where: { id }, data: { confirmedAt: now, tokenHash: null } })
    await endSessions(tx, { userId: user.id, tokenHash: { not: sessionHash } })
    await tellTeams(tx, ctx, {
      kind: "member.email_changed",
      name: changed.name ?? newEmail,
      before: { email: oldEmail },
      after: { email: newEmail },
    })
    await enqueueJob(tx, "mail-email-changed", { changeId: id }, { key: `mail-email-changed:${id}` })
    return { email: newEmail }
  })
}

async function lockChange(tx: Tx, token: string) {
  const [change] = await tx.$queryRaw<
    { id: string; userId: string; newEmail: string; oldEmail: string; expiresAt: Date }[]
  >`
    SELECT id, user_id AS "userId", new_email AS "newEmail", old_email AS "oldEmail", expires_at AS "expiresAt"
    FROM email_changes WHERE token_hash = ${hashToken(token)} FOR UPDATE`
  return change
}
