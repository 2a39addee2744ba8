/**
 * The address that a request came from, as the nearest proxy saw it: the last entry, because everything before it is
 * what the client claims. Good enough to slow floods down, not to identify anybody.
 */
export function clientAddress(headers: Headers): string {
  const chain = headers.get("x-forwarded-for")?.split(",") ?? []
  return chain.at(-1)?.trim().slice(0, 64) || "unknown"
}
