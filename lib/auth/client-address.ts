import { isIP } from "node:net"

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
  if (isIP(text) === 4) return text
  // Some proxies append the port.
  const address = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1] ?? address
  if (isIP(mapped) === 4) return mapped
  return isIP(mapped) === 6 ? `${networkOf(mapped)}::/64` : null
}

// The owner of one IPv6 address has all 2^64 addresses of its network, and would never meet a limit.
function networkOf(address: string): string {
  const [head = "", tail] = (address.split("%")[0] ?? "").toLowerCase().split("::")
  const groups = head.split(":").filter(Boolean)
  const after = tail?.split(":").filter(Boolean) ?? []
  // A dotted part at the end stands for two groups.
  const written = groups.length + after.length + (address.includes(".") ? 1 : 0)
  const gap = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - written) }, () => "0")
  return [...groups, ...gap, ...after]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")
}
