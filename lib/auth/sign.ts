import { createHmac } from "node:crypto"
import { env } from "@/lib/env"

/** Returns our signature of a text. One for another purpose is another one, so that none can be used for what it wasn't made. */
export function sign(purpose: string, text: string): string {
  return createHmac("sha256", env().AUTH_SECRET).update(`${purpose}:${text}`).digest("base64url")
}
