import type { Db } from "@/lib/db/client"
import { hashToken } from "./token"

type Ctx = { db: Db; now: Date }

/**
 * Returns the person a link would sign in, without using it up, because mail scanners open links too. Null when it is
 * used, too old, or was never sent.
 */
export async function findSignInLink({ db, now }: Ctx, token: string): Promise<{ email: string } | null> {
  const link = await db.verificationToken.findUnique({ where: { tokenHash: hashToken(token) } })
  return link && link.expiresAt > now ? { email: link.identifier } : null
}

/**
 * Uses a link up and returns the person whose address it proves, created if there is none. The address's other links
 * end with it. Of many attempts at once, on one link or on several of one address, one gets the person and the others
 * null.
 */
export async function redeemSignInLink({ db, now }: Ctx, token: string): Promise<{ userId: string } | null> {
  const tokenHash = hashToken(token)
  return db.$transaction(async (tx) => {
    // Locks all links of the address in one order, so that two that are used at once wait for each other and don't
    // deadlock.
    const links = await tx.$queryRaw<{ tokenHash: string; email: string; expiresAt: Date }[]>`
      SELECT token_hash AS "tokenHash", identifier AS email, expires_at AS "expiresAt" FROM verification_tokens
      WHERE identifier = (SELECT identifier FROM verification_tokens WHERE token_hash = ${tokenHash})
      ORDER BY token_hash FOR UPDATE`
    const link = links.find((each) => each.tokenHash === tokenHash)
    if (!link) return null
    const isTooOld = link.expiresAt <= now
    // Not by address, because a link mailed at this moment is a new one.
    const ended = isTooOld ? [link] : links
    await tx.verificationToken.deleteMany({
      where: { tokenHash: { in: ended.map((each) => each.tokenHash) } },
    })
    if (isTooOld) return null
    const [user] = await tx.$queryRaw<{ userId: string }[]>`
      INSERT INTO users AS u (email, email_verified_at) VALUES (${link.email}, ${now})
      ON CONFLICT (email) DO UPDATE SET email_verified_at = coalesce(u.email_verified_at, excluded.email_verified_at)
      RETURNING id AS "userId"`
    return user ?? null
  })
}
