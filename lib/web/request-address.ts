import { headers } from "next/headers"
import { clientAddress } from "@/lib/auth/client-address"
import { env } from "@/lib/env"

/** Returns the address that this page's or action's request came from, for counting attempts. */
export async function requestAddress(): Promise<string> {
  return clientAddress(await headers(), env().TRUSTED_PROXIES)
}
