import type { NextRequest } from "next/server"
import NextAuth from "next-auth/next"
import { env } from "@/lib/env"
import { authOptions } from "./options"

type RouteContext = { params: Promise<{ nextauth: string[] }> }

/**
 * Handles the addresses that providers send people back to, and next-auth's own redirect when that fails. Nothing
 * else reaches next-auth: its other routes take bodies of any size from anybody, and prolong sessions.
 */
export async function handleCallback(request: NextRequest, context: RouteContext): Promise<Response> {
  const [step, provider, ...rest] = (await context.params).nextauth
  switch (rest.length === 0 && step) {
    case "callback": {
      const options = authOptions()
      // An old link in a mail, or a provider that is no longer configured.
      if (!options.providers.some(({ id }) => id === provider)) return toSignIn("Verification")
      const answer: Response = await NextAuth(request, context, options)
      // next-auth answers what it can't understand with an error made for programs.
      return answer.status < 400 ? answer : toSignIn("Default")
    }
    case "error":
    case "signin":
      return toSignIn(request.nextUrl.searchParams.get("error") ?? "Default")
    default:
      return new Response("Not found.\n", { status: 404 })
  }
}

function toSignIn(error: string): Response {
  return Response.redirect(`${env().APP_URL}/sign-in?${new URLSearchParams({ error })}`, 303)
}
