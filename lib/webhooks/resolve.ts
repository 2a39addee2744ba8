import { Resolver } from "node:dns/promises"
import { SECOND_MS } from "@/lib/clock"

/** Resolves a name to all its addresses. Throws if there is none. */
export type Resolve = (hostname: string) => Promise<string[]>

/** A name server of a customer's choice may never answer. */
const TIMEOUT_MS = 3 * SECOND_MS

/**
 * Asks the name servers directly, each once, and gives up soon. The system would use one of this process's few
 * threads, which the database, Stripe and file reads need too: a few slow names would stop all of that. `servers`
 * replaces the system's, such as `127.0.0.1:53`.
 */
export async function resolveName(
  hostname: string,
  { servers, timeoutMs = TIMEOUT_MS }: { servers?: string[]; timeoutMs?: number } = {},
): Promise<string[]> {
  // The only name that leads somewhere without a name server. `checkUrl` lets it pass in development only.
  if (hostname === "localhost") return ["127.0.0.1", "::1"]
  // Half of the time per server, so that a second one can answer for a first that is away.
  const resolver = new Resolver({ timeout: timeoutMs / 2, tries: 1 })
  if (servers) resolver.setServers(servers)
  const timeUp = setTimeout(() => resolver.cancel(), timeoutMs)
  try {
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
    const addresses = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []))
    if (addresses.length > 0) return addresses
    throw answers.find((answer) => answer.status === "rejected")?.reason ?? new Error("No address")
  } finally {
    clearTimeout(timeUp)
  }
}
