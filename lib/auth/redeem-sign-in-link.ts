import type { Db } from "@/lib/db/client"
import { hashToken } from "./token"

type Ctx = { db: Db; now: Date }

/** Whom a link would sign in. Spends nothing: mail scanners open links too. Null: spent, too old, or never sent. */
export async function findSignInLink({ db, now }: Ctx, token: string): Promise<{ email: string } | null> {
  const link = await db.verificationToken.findUnique({ where: { tokenHash: hashToken(token) } })
  return link && link.expiresAt > now ? { email: link.identifier } : null
}

/**
 * Spends a link and answers the person whose address it proves, made if there is none. Of many at once one gets the
 * person, the others null.
 */
export async function redeemSignInLink({ db, now }: Ctx, token: string): Promise<{ userId: string } | null> {
  return db.$transaction(async (tx) => {
    const [link] = await tx.$queryRaw<{ email: string }[]>`
      WITH spent AS (
        DELETE FROM verification_tokens WHERE token_hash = ${hashToken(token)} RETURNING identifier, expires_at)
      SELECT identifier AS email FROM spent WHERE expires_at > ${now}`
    if (!link) return null
    const [user] = await tx.$queryRaw<{ userId: string }[]>`
      INSERT INTO users AS u (email, email_verified_at) VALUES (${link.email}, ${now})
      ON CONFLICT (email) DO UPDATE SET email_verified_at = coalesce(u.email_verified_at, excluded.email_verified_at)
      RETURNING id AS "userId"`
    return user ?? null
  })
}
