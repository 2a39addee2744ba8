/**
 * Whether a state-changing request comes from our own pages. Browsers name the origin with each of them, so one that
 * doesn't is refused, whatever else it says: Next lets it through.
 */
export function isSameOrigin(headers: Headers, appUrl: string): boolean {
  const site = headers.get("sec-fetch-site")
  return headers.get("origin") === new URL(appUrl).origin && (site === null || site === "same-origin")
}
