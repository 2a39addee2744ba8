import type { Db } from "@/lib/db/client"
import { hashToken } from "./token"

type Ctx = { db: Db; now: Date }

/** Whom a link would sign in. Spends nothing: mail scanners open links too. Null: spent, too old, or never sent. */
export async function findSignInLink({ db, now }: Ctx, token: string): Promise<{ email: string } | null> {
  const link = await db.verificationToken.findUnique({ where: { tokenHash: hashToken(token) } })
  return link && link.expiresAt > now ? { email: link.identifier } : null
}

/**
 * Spends a link and answers the person whose address it proves, made if there is none. The address's other links end with
 * it. Of many at once, of one link or of several of the same address, one gets the person, the others null.
 */
export async function redeemSignInLink({ db, now }: Ctx, token: string): Promise<{ userId: string } | null> {
  const tokenHash = hashToken(token)
  return db.$transaction(async (tx) => {
    // All links of the address, in one order: two that are spent at once wait for each other instead of blocking each other.
    const links = await tx.$queryRaw<{ tokenHash: string; email: string; expiresAt: Date }[]>`
      SELECT token_hash AS "tokenHash", identifier AS email, expires_at AS "expiresAt" FROM verification_tokens
      WHERE identifier = (SELECT identifier FROM verification_tokens WHERE token_hash = ${tokenHash})
      ORDER BY token_hash FOR UPDATE`
    const link = links.find((each) => each.tokenHash === tokenHash)
    if (!link) return null
    const isTooOld = link.expiresAt <= now
    // Not by address: one that is mailed at this moment is a new one.
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
