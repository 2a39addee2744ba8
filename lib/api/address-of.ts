import type { Context } from "hono"
import { env } from "@/lib/env"
import { clientAddress } from "@/lib/web/client-address"

/** What a server of its own says of a request; inside the app there is nothing to say. */
export type ServedBy = { remoteAddress?: string }

/** Whom to count a request for. */
export function addressOf(c: Context): string {
  const served: ServedBy | undefined = c.env
  return clientAddress(c.req.raw.headers, env().TRUSTED_PROXIES, served?.remoteAddress)
}
