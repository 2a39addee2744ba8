import type { NextRequest } from "next/server"
import NextAuth from "next-auth/next"
import { authOptions } from "./options"

type RouteContext = { params: Promise<{ nextauth: string[] }> }

/** next-auth's own routes: the providers' callbacks and the links in sign-in mails. */
export async function handleAuth(request: NextRequest, context: RouteContext): Promise<Response> {
  return NextAuth(request, context, authOptions())
}
