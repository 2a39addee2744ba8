import { createHmac } from "node:crypto"
import { env } from "@/lib/env"

/**
 * Returns our signature of a text for one purpose. Another purpose gives another signature, so that none can be used
 * for anything else.
 */
export function sign(purpose: string, text: string): string {
  return createHmac("sha256", env().AUTH_SECRET).update(`${purpose}:${text}`).digest("base64url")
}
