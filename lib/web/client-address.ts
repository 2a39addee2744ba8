import { isIP } from "node:net"

/**
 * The address that a request came from, for counting attempts. Each proxy appends whom it saw to `X-Forwarded-For`, so
 * only as many entries from the end are known as there are proxies of ours; everything before them is what the client
 * claims. Good enough to slow floods down, not to identify anybody. `connected` is who the connection is from, for requests
 * that came past no proxy at all.
 */
export function clientAddress(headers: Headers, trustedProxies: number, connected = ""): string {
  const chain = (headers.get("x-forwarded-for") ?? connected).split(",")
  // A shorter chain came past a proxy; its first entry is still one that ours wrote.
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

// Whoever has one address of version 6 has all 2^64 of its network, and would never meet a limit.
function networkOf(address: string): string {
  const [head = "", tail] = (address.split("%")[0] ?? "").toLowerCase().split("::")
  const groups = head.split(":").filter(Boolean)
  const after = tail?.split(":").filter(Boolean) ?? []
  // Dots at the end stand for two groups.
  const written = groups.length + after.length + (address.includes(".") ? 1 : 0)
  const gap = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - written) }, () => "0")
  return [...groups, ...gap, ...after]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")
}
