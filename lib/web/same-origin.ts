/**
 * Whether a state-changing request comes from our own pages. Browsers always name the origin of such a request. One
 * without it is refused, though Next would let it through.
 */
export function isSameOrigin(headers: Headers, appUrl: string): boolean {
  const site = headers.get("sec-fetch-site")
  return headers.get("origin") === new URL(appUrl).origin && (site === null || site === "same-origin")
}
