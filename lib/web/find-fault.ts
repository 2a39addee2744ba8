import { isRouterState } from "./is-router-state"
import { isSameOrigin } from "./same-origin"

/** A request as Node gives it: names in lower case, repeated headers joined into one text. */
export type RawRequest = {
  method?: string
  url?: string
  headers: Record<string, string | string[] | undefined>
}

export type Fault = { status: 400 | 403 | 405; sentence: string; allow?: string }

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
const PAGE_METHODS = ["GET", "HEAD", "POST"]
/** In development, scripts in the pages post to the development server's own addresses. */
const NO_PAGE = process.env.NODE_ENV === "development" ? /^\/(api(\/|$)|_)/ : /^\/(api(\/|$)|_next\/)/
const METERING_API = /^\/api\/v1(\/|$)/

/**
 * Returns the fault of a malformed request, whoever sent it. Null if there is none. Next would take these for its own
 * faults and answer 500. A browser that follows our pages sends none of them.
 */
export function findFault(request: RawRequest, appUrl: string): Fault | null {
  const { method = "", url = "", headers } = request
  if (!METHODS.includes(method)) return notAllowed(METHODS)
  const [path = "", query = ""] = split(url)
  if (!path.startsWith("/")) return malformed("address")
  const name = decode(path)
  // PostgreSQL refuses NUL in any text. The metering API checks its ids itself and answers in its own form.
  if (name === null || (hasControl(name) && !METERING_API.test(path))) return malformed("address")
  if (/%00/.test(query) && !METERING_API.test(path)) return malformed("query")
  const wrong = findWrongHeader(headers)
  if (wrong !== undefined) return malformed(`${wrong} header`)
  return NO_PAGE.test(name) ? null : findFaultOfPage(method, headers, appUrl)
}

function findFaultOfPage(method: string, headers: RawRequest["headers"], appUrl: string): Fault | null {
  if (!PAGE_METHODS.includes(method)) return notAllowed(PAGE_METHODS)
  if (method !== "POST") return null
  // Only actions post to a page: from a script, or as a form of a page without one.
  if (headers["next-action"] === undefined && !/^multipart\/form-data\b/i.test(text(headers["content-type"])))
    return notAllowed(["GET", "HEAD"])
  const said = new Headers()
  for (const each of ["origin", "sec-fetch-site"])
    if (headers[each] !== undefined) said.set(each, text(headers[each]))
  // Next compares the two and takes a difference for its own fault.
  const host = text(headers["x-forwarded-host"]).split(",")[0]?.trim() || text(headers.host)
  const isOurs = isSameOrigin(said, appUrl) && host === hostOf(appUrl)
  return isOurs ? null : { status: 403, sentence: "Open the page again, then retry." }
}

/** Returns the first header that Next would stumble over. */
function findWrongHeader(headers: RawRequest["headers"]): string | undefined {
  const { host, origin } = headers
  const forwarded = text(headers["x-forwarded-host"])
  const protocol = text(headers["x-forwarded-proto"])
  const state = headers["next-router-state-tree"]
  const type = text(headers["content-type"])
  if (host !== undefined && hostOf(`http://${text(host)}`) === null) return "Host"
  if (forwarded !== "" && hostOf(`http://${forwarded.split(",")[0]?.trim()}`) === null)
    return "X-Forwarded-Host"
  if (protocol !== "" && !/^https?(,|$)/.test(protocol)) return "X-Forwarded-Proto"
  if (origin !== undefined && origin !== "null" && hostOf(text(origin)) === null) return "Origin"
  if (state !== undefined && !isRouterState(text(state))) return "Next-Router-State-Tree"
  if (/^multipart\/form-data/i.test(type) && !/;\s*boundary="?[^\s";]/i.test(type)) return "Content-Type"
}

function split(url: string): [path: string, query: string] {
  const at = url.indexOf("?")
  return at === -1 ? [url, ""] : [url.slice(0, at), url.slice(at + 1)]
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}

function hasControl(path: string): boolean {
  return /\p{Cc}/u.test(path)
}

/** Null if it is no address. */
function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null
}

const text = (header: string | string[] | undefined) => [header ?? ""].flat().join(",")
const malformed = (what: string): Fault => ({ status: 400, sentence: `The ${what} is malformed.` })
const notAllowed = (methods: string[]): Fault => ({
  status: 405,
  sentence: "This address doesn’t accept this method.",
  allow: methods.join(", "),
})
