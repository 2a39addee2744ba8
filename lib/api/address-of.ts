import type { Context } from "hono"
import { clientAddress } from "@/lib/auth/client-address"
import { env } from "@/lib/env"

/** A standalone server's knowledge of a request. Inside the app it is empty. */
export type ServedBy = { remoteAddress?: string }

/** Returns the address under which a request is counted. */
export function addressOf(c: Context): string {
  const served: ServedBy | undefined = c.env
  return clientAddress(c.req.raw.headers, env().TRUSTED_PROXIES, served?.remoteAddress)
}
