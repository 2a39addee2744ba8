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
 * Begins next-auth's sign-in from a server action, without a script in the page, and returns the next address.
 * next-auth guards this step with a token in a cookie and in the form. The action has already proved its origin, so
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

/** Returns the next address: the provider's, or our own page with the error, never one of next-auth's. */
function pageOf(location: string | null, appUrl: string): string {
  const url = location === null ? null : new URL(location, appUrl)
  if (url && url.origin !== appUrl) return url.href
  return `/sign-in?error=${encodeURIComponent(url?.searchParams.get("error") ?? "Default")}`
}
