import { createHash, randomBytes } from "node:crypto"

/** A secret that its holder presents later, such as a session cookie: 256 random bits. */
export function newToken(): string {
  return randomBytes(32).toString("base64url")
}

/** What is stored of a token. Whoever reads the database can't sign in with it. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url")
}
