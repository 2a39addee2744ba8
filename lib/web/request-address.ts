import { headers } from "next/headers"
import { env } from "@/lib/env"
import { clientAddress } from "./client-address"

/** Returns the address that this page's or action's request came from, for counting attempts. */
export async function requestAddress(): Promise<string> {
  return clientAddress(await headers(), env().TRUSTED_PROXIES)
}
