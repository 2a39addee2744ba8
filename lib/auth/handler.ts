import type { NextRequest } from "next/server"
import NextAuth from "next-auth/next"
import { env } from "@/lib/env"
import { authOptions } from "./options"

type RouteContext = { params: Promise<{ nextauth: string[] }> }

/**
 * What providers send people back to, and where next-auth sends them next when that fails. It sees nothing else: its other
 * routes take bodies of any size from anybody, and prolong sessions.
 */
export async function handleCallback(request: NextRequest, context: RouteContext): Promise<Response> {
  const [step, provider, ...rest] = (await context.params).nextauth
  switch (rest.length === 0 && step) {
    case "callback": {
      const options = authOptions()
      // An old link in a mail, or a provider that isn't configured any more.
      if (!options.providers.some(({ id }) => id === provider)) return toSignIn("Verification")
      const answer: Response = await NextAuth(request, context, options)
      // What next-auth can't make sense of it answers as a program would.
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
