"use server"

import { notFound, redirect } from "next/navigation"
import { z } from "zod"
import { beginSignIn } from "@/lib/auth/begin-sign-in"
import { signInAsDemoUser } from "@/lib/auth/demo-sign-in"
import { ownPath } from "@/lib/auth/own-path"
import { redeemSignInLink } from "@/lib/auth/redeem-sign-in-link"
import { sendSignInLink as send } from "@/lib/auth/send-sign-in-link"
import { endSession, getCurrentUser, startSession } from "@/lib/auth/session"
import { env } from "@/lib/env"
import { log } from "@/lib/log"
import { pageCtx } from "@/lib/web/page-ctx"
import { requestAddress } from "@/lib/web/request-address"
import { requireInput } from "@/lib/web/require-input"
import { requireSameOrigin } from "@/lib/web/require-same-origin"

// An argument that a page binds to an action travels through the browser, where anybody may change it.
const roleSchema = z.enum(["OWNER", "ADMIN", "MEMBER"])
const tokenSchema = z.string().max(100)
const providerSchema = z.enum(["google", "github"])
const formSchema = z.instanceof(FormData)

export async function continueAs(role: "OWNER" | "ADMIN" | "MEMBER", next: string): Promise<void> {
  await requireSameOrigin()
  if (!env().DEMO_MODE) notFound()
  redirect(await signInAsDemoUser(requireInput(roleSchema, role), next))
}

export async function sendSignInLink(next: string, form: FormData): Promise<void> {
  await requireSameOrigin()
  const { APP_URL } = env()
  const back = ownPath(next, APP_URL)
  const email = String(requireInput(formSchema, form).get("email") ?? "")
  const ctx = { ...pageCtx(), appUrl: APP_URL, client: await requestAddress() }
  const isSent = await send(ctx, { email, next: back }).then(
    () => true,
    (error: unknown) => {
      log().warn({ err: error }, "A sign-in link couldn't be sent")
      return false
    },
  )
  const query = `next=${encodeURIComponent(back)}`
  redirect(isSent ? `/sign-in/check-your-email?${query}` : `/sign-in?error=EmailSignin&${query}`)
}

/**
 * `warnedUserId` is the person whose session the page said would end, or null. If somebody else is signed in, the
 * page is shown again first.
 */
export async function signInByLink(token: string, next: string, warnedUserId: string | null): Promise<void> {
  await requireSameOrigin()
  const path = ownPath(next, env().APP_URL)
  const parsed = tokenSchema.safeParse(token)
  const user = await getCurrentUser()
  if (parsed.success && user && user.id !== warnedUserId)
    redirect(`/sign-in/link?${new URLSearchParams({ token: parsed.data, next: path })}`)
  const person = parsed.success && (await redeemSignInLink(pageCtx(), parsed.data))
  if (!person) redirect(`/sign-in?error=Verification&next=${encodeURIComponent(path)}`)
  await startSession(person.userId)
  redirect(path)
}

export async function continueWith(provider: "google" | "github", next: string): Promise<void> {
  await requireSameOrigin()
  redirect(await beginSignIn(requireInput(providerSchema, provider), { callbackPath: next }))
}

export async function signOut(): Promise<void> {
  await requireSameOrigin()
  await endSession()
  redirect("/sign-in")
}
