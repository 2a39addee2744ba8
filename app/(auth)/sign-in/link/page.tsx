import type { Metadata } from "next"
import { redirect } from "next/navigation"
import { ConfirmSignIn } from "@/components/sign-in/confirm-sign-in"
import { ownPath } from "@/lib/auth/own-path"
import { findSignInLink } from "@/lib/auth/redeem-sign-in-link"
import { getCurrentUser } from "@/lib/auth/session"
import { env } from "@/lib/env"
import { pageCtx } from "@/lib/web/page-ctx"
import { signInByLink } from "../actions"

export const metadata: Metadata = { title: "Sign in", robots: { index: false } }

type Props = { searchParams: Promise<{ token?: string | string[]; next?: string | string[] }> }

/**
 * The page that a mailed link opens. Opening it doesn't use the link up, because mail scanners open links before
 * people do.
 */
export default async function SignInLinkPage({ searchParams }: Props) {
  const { token, next: asked } = await searchParams
  const next = ownPath(asked, env().APP_URL)
  const link = typeof token === "string" ? await findSignInLink(pageCtx(), token) : null
  if (!link || typeof token !== "string")
    redirect(`/sign-in?error=Verification&next=${encodeURIComponent(next)}`)
  const user = await getCurrentUser()
  if (user?.email === link.email) redirect(next)
  return (
    <ConfirmSignIn
      action={signInByLink.bind(null, token, next, user?.id ?? null)}
      email={link.email}
      signedInAs={user && { name: user.name, email: user.email }}
    />
  )
}
