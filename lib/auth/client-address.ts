import { isIP } from "node:net"
import ipaddr from "ipaddr.js"

/**
 * Returns the address that a request came from, for counting attempts. Each proxy appends the address it saw to
 * `X-Forwarded-For`, so only as many entries from the end are known as there are proxies of ours; the client may have
 * invented all before them. Good enough to slow floods down, not to identify anybody. `connected` is the connection's
 * own address, for requests that passed no proxy.
 */
export function clientAddress(headers: Headers, trustedProxies: number, connected = ""): string {
  const chain = (headers.get("x-forwarded-for") ?? connected).split(",")
  // A shorter chain passed fewer proxies. Its first entry was still written by one of ours.
  const seen = chain[Math.max(0, chain.length - trustedProxies)]
  return normalAddress(seen?.trim() ?? "") ?? "unknown"
}

function normalAddress(text: string): string | null {
  // Some proxies append the port.
  const written = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
  // Stricter than ipaddr, which also accepts a single number as an address.
  if (isIP(written) === 0) return null
  const address = ipaddr.process(written)
  return address instanceof ipaddr.IPv6 ? networkOf(address) : address.toString()
}

// The owner of one IPv6 address has all 2^64 addresses of its network, and would never meet a limit.
function networkOf({ parts }: ipaddr.IPv6): string {
  const network = parts.slice(0, 4).map((part) => part.toString(16))
  return `${network.join(":")}::/64`
}
