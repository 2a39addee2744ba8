import { createHash } from "node:crypto"
import { cookies } from "next/headers"
import { NextRequest, NextResponse } from "next/server"
import NextAuth from "next-auth/next"
import { env } from "@/lib/env"
import { authOptions } from "./options"
import { ownPath } from "./own-path"
import { newToken } from "./token"

type Provider = "google" | "github"

/**
 * Begins next-auth's sign-in from a server action, without any script in the page, and gives the address to go to next.
 * next-auth guards this step with a token in a cookie and in the form; the action has proved its origin already, so
 * both halves are made here.
 */
export async function beginSignIn(provider: Provider, fields: { callbackPath: string }): Promise<string> {
  const { APP_URL, AUTH_SECRET } = env()
  const store = await cookies()
  const csrfToken = newToken()
  const isSecure = APP_URL.startsWith("https://")
  const cookieName = `${isSecure ? "__Host-" : ""}next-auth.csrf-token`
  const proof = createHash("sha256").update(`${csrfToken}${AUTH_SECRET}`).digest("hex")
  store.set(cookieName, `${csrfToken}|${proof}`, {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: isSecure,
  })

  const body = new URLSearchParams({
    csrfToken,
    callbackUrl: `${APP_URL}${ownPath(fields.callbackPath, APP_URL)}`,
  })
  const request = new NextRequest(`${APP_URL}/api/auth/signin/${provider}`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: body.toString(),
  })
  const params = Promise.resolve({ nextauth: ["signin", provider] })
  const answer: Response = await NextAuth(request, { params }, authOptions())

  for (const cookie of new NextResponse(null, { headers: answer.headers }).cookies.getAll()) store.set(cookie)
  return pageOf(answer.headers.get("location"), APP_URL)
}

/** Where to go: to the provider, or to our own page with what went wrong; never to an address of next-auth's. */
function pageOf(location: string | null, appUrl: string): string {
  const url = location === null ? null : new URL(location, appUrl)
  if (url && url.origin !== appUrl) return url.href
  return `/sign-in?error=${encodeURIComponent(url?.searchParams.get("error") ?? "Default")}`
}
