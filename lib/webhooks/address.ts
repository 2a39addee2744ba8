import ipaddr from "ipaddr.js"
import { isLoopbackAddress } from "@/lib/loopback"
import type { Resolve } from "./resolve"

/** Ports that customers' receivers use. Other ports reach services inside a network. */
const PORTS = new Set(["", "443", "8443"])
const MAX_LENGTH = 2_000
/** Names that never lead to the internet. */
const PRIVATE_SUFFIX = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|home\.arpa|onion)$/

export type Allowed = {
  /** In development a receiver may be on this machine, over http and at any port. */
  loopback: boolean
}

export type Checked = { ok: true; url: URL } | { ok: false; message: string }

const NOT_AN_ADDRESS = "Enter an address such as https://example.com/webhooks."
const NOT_HTTPS = "Use https."
const NOT_PUBLIC = "Use an address that is reachable from the internet."

/** Checks whether we may send to an address, as far as can be told without resolving its name. */
export function checkUrl(text: string, allowed: Allowed): Checked {
  const refuse = (message: string): Checked => ({ ok: false, message })
  // A parser would remove characters that no address has, and read a backslash as a slash.
  if (text.length > MAX_LENGTH || /[\s\\]|\p{Cc}/u.test(text) || !URL.canParse(text))
    return refuse(NOT_AN_ADDRESS)
  const url = new URL(text)
  if (allowed.loopback && isLoopbackUrl(url)) return { ok: true, url }
  if (url.protocol !== "https:") return refuse(url.protocol === "http:" ? NOT_HTTPS : NOT_AN_ADDRESS)
  if (url.username || url.password) return refuse("Leave user name and password out of the address.")
  if (url.hash) return refuse("Leave out what comes after #.")
  if (!PORTS.has(url.port)) return refuse("Use port 443 or 8443.")
  const host = bareHost(url)
  if (ipaddr.isValid(host)) return isPublicAddress(host) ? { ok: true, url } : refuse(NOT_PUBLIC)
  const name = host.replace(/\.$/, "")
  if (!name.includes(".") || PRIVATE_SUFFIX.test(name)) return refuse(NOT_PUBLIC)
  return { ok: true, url }
}

/** The same, and resolves its name: every address must be public. */
export async function checkDestination(text: string, allowed: Allowed, resolve: Resolve): Promise<Checked> {
  const checked = checkUrl(text, allowed)
  if (!checked.ok || ipaddr.isValid(bareHost(checked.url))) return checked
  const addresses = await resolve(bareHost(checked.url)).catch(() => [])
  // The same answer for a name that doesn't exist and one that leads inside, because a network's names are nobody
  // else's business.
  const isAllowed = addresses.length > 0 && addresses.every((address) => mayDial(address, allowed))
  return isAllowed ? checked : { ok: false, message: NOT_PUBLIC }
}

/** Whether a connection may be made to this address. */
export function mayDial(address: string, allowed: Allowed): boolean {
  return isPublicAddress(address) || (allowed.loopback && isLoopbackAddress(address))
}

// The part of IPv6 that is routed on the internet. Everything else is somebody's own network, or leads into one.
const PUBLIC_V6 = ipaddr.IPv6.parseCIDR("2000::/3")
const NOT_PUBLIC_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].map((range) =>
  ipaddr.IPv6.parseCIDR(range),
)

function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  if (address.range() !== "unicast") return false
  if (address.kind() === "ipv4") return true
  const v6 = address as ipaddr.IPv6
  return v6.match(PUBLIC_V6) && !NOT_PUBLIC_V6.some((range) => v6.match(range))
}

function isLoopbackUrl(url: URL): boolean {
  const host = bareHost(url)
  return /^https?:$/.test(url.protocol) && !url.username && (host === "localhost" || isLoopbackAddress(host))
}

function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "")
}
