import { createHash, randomBytes } from "node:crypto"

/** Returns a secret for its holder to present later, such as a session cookie: 256 random bits. */
export function newToken(): string {
  return randomBytes(32).toString("base64url")
}

/** Returns what is stored of a token. A reader of the database can't sign in with it. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url")
}
