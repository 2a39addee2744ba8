/**
 * Whether a state-changing request comes from our own pages. A request that proves nothing is refused: Next lets one
 * without an `Origin` through.
 */
export function isSameOrigin(headers: Headers, appUrl: string): boolean {
  const site = headers.get("sec-fetch-site")
  if (site !== null) return site === "same-origin"
  return headers.get("origin") === new URL(appUrl).origin
}
