import { readdirSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "../stack/build"
import { SESSION_COOKIE } from "../testing/sessions"
import type { Luck } from "./luck"
import type { FuzzRequest } from "./send"
import { encode, strangePart, strangeText, strangeValue, toHeader, toRawPath } from "./strange"

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "PURGE"]
const QUERIES = [
  ...[
    "pool",
    "next",
    "error",
    "token",
    "done",
    "before",
    "after",
    "session_id",
    "problem",
    "dialog",
    "limit",
  ],
  ...["_rsc", "nxtPteam", "url", "w", "q", "callbackUrl", "code", "state", "csrfToken", "json", "page"],
]
const ROUTES = [
  ...["/api/health", "/api/unsubscribe", "/api/webhooks/stripe", "/api/auth/_log", "/api/auth/session"],
  ...[
    "/api/auth/signin",
    "/api/auth/callback/google",
    "/api/auth/csrf",
    "/api/auth/providers",
    "/api/auth/x",
  ],
  ...[
    "/api/v1",
    "/api/v1/openapi.json",
    "/api/v1/nothing",
    "/api",
    "/icon.svg",
    "/favicon.ico",
    "/robots.txt",
  ],
  ...[
    "/_next/static/x.js",
    "/_next/image",
    "/_next/data/x.json",
    "/_next",
    "/__nextjs",
    "/.env",
    "/%ff",
    "/%",
  ],
  ...[
    "/%00",
    "/a%00b",
    "//",
    "//evil.example",
    "/..",
    "/%2e%2e",
    "/./",
    "/;x",
    "/a%2fb",
    "*",
    "http://x/",
    "/%c0%af",
  ],
]

/** Lists the address of every file that makes a page or route, with its bracketed parts to be filled in. */
export function listAddresses(): string[] {
  const files = readdirSync(join(ROOT, "app"), { recursive: true, encoding: "utf8" })
  const paths = files
    .filter((file) => /(^|\/)page\.tsx$/.test(file))
    .map((file) => `/${file.replace(/\/?page\.tsx$/, "")}`.replace(/\/\([^/]+\)/g, ""))
  return [...paths, ...ROUTES, "/api/teams/[team]/live"]
}

/** Makes requests for every page and route, with and without a session, as no browser sends them. */
export function pageRequests({ slug, session, origin }: { slug: string; session: string; origin: string }) {
  const addresses = listAddresses()
  return (luck: Luck): FuzzRequest => {
    const address = luck.pick(addresses)
    const path = address
      .replace("[team]", () => (luck.chance(0.7) ? slug : strangePart(luck).replaceAll("?", "")))
      .replace(/\[[.\w]+\]/g, () => strangePart(luck).replaceAll("?", ""))
    const query = luck.times(0, 3, () => `${luck.pick(QUERIES)}=${strangePart(luck)}`)
    const method = luck.chance(0.8) ? "GET" : luck.pick(METHODS)
    const takesBody = method !== "GET" && method !== "HEAD" && method !== "TRACE"
    return {
      kind: `page ${address}`,
      method,
      path: toRawPath(`${path}${query.length > 0 ? `?${query.join("&")}` : ""}`),
      headers: {
        ...cookie(luck, session),
        ...(luck.chance(0.3) && nextHeaders(luck)),
        ...(luck.chance(0.2) && oddHeaders(luck)),
        ...(takesBody && luck.chance(0.6) && { origin }),
        ...(takesBody && { "content-type": luck.pick(["text/plain", "application/json", FORM, MULTIPART]) }),
      },
      body: takesBody ? JSON.stringify(strangeValue(luck)) : undefined,
    }
  }
}

const FORM = "application/x-www-form-urlencoded"
const MULTIPART = "multipart/form-data; boundary=x"

function cookie(luck: Luck, session: string): Record<string, string> {
  if (luck.chance(0.6)) return { cookie: `${SESSION_COOKIE}=${session}` }
  if (luck.chance(0.5)) return {}
  const odd = toHeader(luck.chance(0.5) ? encode(strangeText(luck)) : strangeText(luck))
  return { cookie: `${SESSION_COOKIE}=${odd}; tz=${odd}; =${odd}; next-auth.csrf-token=${odd}` }
}

const GOOD_STATE = ["", { children: ["reference", { children: ["__PAGE__", {}] }] }, null, null, 1]

/** The headers that Next's own scripts send with a navigation. */
function nextHeaders(luck: Luck): Record<string, string> {
  const state = luck.chance(0.3) ? GOOD_STATE : bend(luck, GOOD_STATE)
  const text = JSON.stringify(state) ?? ""
  return {
    ...(luck.chance(0.85) && { rsc: luck.chance(0.9) ? "1" : toHeader(strangeText(luck)) }),
    ...(luck.chance(0.7) && {
      "next-router-state-tree": toHeader(luck.chance(0.7) ? encode(text) : text),
    }),
    ...(luck.chance(0.3) && { "next-router-prefetch": luck.pick(["1", "2", "3", "x", ""]) }),
    ...(luck.chance(0.3) && {
      "next-router-segment-prefetch": luck.chance(0.5)
        ? luck.pick(["/_tree", "/_full", "/_index", "/__PAGE__"])
        : toHeader(strangeText(luck)),
    }),
    ...(luck.chance(0.3) && { "next-url": toHeader(strangeText(luck)) }),
  }
}

/** Replaces one part of the value by something else. */
function bend(luck: Luck, value: unknown): unknown {
  if (luck.chance(0.3)) return strangeValue(luck)
  if (Array.isArray(value)) {
    const at = Math.floor(luck.roll() * (value.length + 1))
    return value.toSpliced(at, 1, bend(luck, value[at]))
  }
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, bend(luck, of)]))
  return strangeValue(luck)
}

const ODD = [
  ...["x-forwarded-host", "x-forwarded-proto", "x-forwarded-for", "x-forwarded-port", "forwarded", "origin"],
  ...[
    "referer",
    "accept",
    "accept-language",
    "accept-encoding",
    "range",
    "if-none-match",
    "if-modified-since",
  ],
  ...[
    "x-middleware-subrequest",
    "x-nextjs-data",
    "x-matched-path",
    "x-invoke-path",
    "x-invoke-status",
    "purpose",
  ],
  ...[
    "sec-fetch-site",
    "sec-fetch-dest",
    "user-agent",
    "authorization",
    "x-http-method-override",
    "x-request-id",
  ],
  ...[
    "x-now-route-matches",
    "x-middleware-rewrite",
    "x-middleware-next",
    "x-requested-path",
    "x-action-forwarded",
  ],
  ...["x-prerender-revalidate", "next-resume", "x-nonce", "content-security-policy", "cache-control", "host"],
]

export function oddHeaders(luck: Luck): Record<string, string> {
  return Object.fromEntries(
    luck.times(1, 4, () => [luck.pick(ODD), toHeader(luck.chance(0.7) ? strangeText(luck) : "localhost")]),
  )
}
