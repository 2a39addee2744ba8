import { isLoopbackAddress } from "@/lib/loopback"

/**
 * Whether a request was made on this machine, as far as its headers say: a tunnel or proxy to the outside leaves its
 * host or the client's address in one of them.
 */
export function isLocalRequest(headers: Headers): boolean {
  const hosts = [headers.get("host"), ...listOf(headers.get("x-forwarded-host"))].map(hostOf)
  const clients = listOf(headers.get("x-forwarded-for"))
  return (
    [...hosts, ...clients].every((name) => isOfThisMachine(name)) &&
    !["forwarded", "cf-connecting-ip", "x-real-ip", "true-client-ip"].some((name) => headers.has(name))
  )
}

function isOfThisMachine(name: string): boolean {
  return name.toLowerCase() === "localhost" || isLoopbackAddress(name)
}

function listOf(header: string | null): string[] {
  return header === null ? [] : header.split(",").map((entry) => entry.trim())
}

function hostOf(host: string | null): string {
  return /^\[([^\]]+)\](:\d+)?$/.exec(host ?? "")?.[1] ?? (host ?? "").replace(/:\d+$/, "")
}
