/** Returns the path if it leads to a page of this application, else `/`. For addresses that arrive in a query. */
export function ownPath(path: string | string[] | undefined, appUrl: string): string {
  if (typeof path !== "string" || !/^\/(?![/\\])/.test(path) || /[\\\p{Cc}]/u.test(path)) return "/"
  const url = URL.canParse(path, appUrl) ? new URL(path, appUrl) : null
  // `/..//host` is ours until it is resolved. The resolved path then names another host to a browser.
  if (url?.origin !== new URL(appUrl).origin || url.pathname.startsWith("//")) return "/"
  return `${url.pathname}${url.search}`
}
