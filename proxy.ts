import { type NextRequest, NextResponse } from "next/server"
import { isLocalRequest } from "@/lib/auth/local-request"
import { env } from "@/lib/env"
import { REQUESTED_PATH_HEADER } from "@/lib/web/requested-path"
import { securityHeaders } from "@/lib/web/security-headers"

/** Gives each page its own nonce and the headers that browsers enforce. It guards nothing: pages and actions do. */
export function proxy(request: NextRequest) {
  const { NODE_ENV, APP_URL, STRIPE_JS_URL, DEMO_MODE } = env()
  if (DEMO_MODE && !isLocalRequest(request.headers))
    return new NextResponse(`The demo answers on its own machine only. Open ${APP_URL} there.\n`, {
      status: 403,
    })
  const nonce = Buffer.from(crypto.randomUUID()).toString("base64")
  const headers = securityHeaders({
    nonce,
    isDevelopment: NODE_ENV === "development",
    isHttps: APP_URL.startsWith("https://"),
    standInUrl: STRIPE_JS_URL,
  })

  const requestHeaders = new Headers(request.headers)
  requestHeaders.delete("x-nonce")
  const { pathname, searchParams } = request.nextUrl
  searchParams.delete("_rsc")
  const query = searchParams.toString()
  requestHeaders.set(REQUESTED_PATH_HEADER, query ? `${pathname}?${query}` : pathname)
  requestHeaders.set("content-security-policy", headers["content-security-policy"])
  const response = NextResponse.next({ request: { headers: requestHeaders } })
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}

export const config = { matcher: ["/((?!api/|_next/static/|icon\\.svg$).*)"] }
