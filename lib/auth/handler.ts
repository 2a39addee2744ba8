import type { NextRequest } from "next/server"
import NextAuth from "next-auth/next"
import { env } from "@/lib/env"
import { authOptions } from "./options"

type RouteContext = { params: Promise<{ nextauth: string[] }> }

/** next-auth's own routes: the providers' callbacks. Whatever isn't one leads to sign-in, so that its address doesn't stay. */
export async function handleAuth(request: NextRequest, context: RouteContext): Promise<Response> {
  const options = authOptions()
  const [step, provider] = (await context.params).nextauth
  if (step === "callback" && !options.providers.some(({ id }) => id === provider))
    return Response.redirect(`${env().APP_URL}/sign-in?error=Verification`, 303)
  return NextAuth(request, context, options)
}
