import type { Metadata } from "next"
import { redirect } from "next/navigation"
import { ConfirmEmail } from "@/components/account/confirm-email"
import { MessagePage } from "@/components/ui/message-page"
import { findEmailChange } from "@/lib/account/confirm-email-change"
import { getCurrentUser } from "@/lib/auth/session"
import { pageCtx } from "@/lib/web/page-ctx"
import { confirmEmailChange } from "../actions"

export const metadata: Metadata = { title: "Confirm your email address", robots: { index: false } }

type Props = { searchParams: Promise<{ token?: string | string[] }> }

/** The page that a mailed link opens. Opening it changes nothing, because mail scanners open links before people do. */
export default async function ConfirmEmailPage({ searchParams }: Props) {
  const { token } = await searchParams
  const user = await getCurrentUser()
  if (!user) {
    const next = typeof token === "string" ? `/account/email?${new URLSearchParams({ token })}` : "/account"
    redirect(`/sign-in?next=${encodeURIComponent(next)}`)
  }
  const change = typeof token === "string" ? await findEmailChange({ ...pageCtx(), user }, token) : null
  if (!change || typeof token !== "string")
    return (
      <MessagePage
        link={{ href: "/account", label: "Go to your profile" }}
        title="This link doesn’t work any more"
      >
        It was used, is older than an hour, or was asked for by another account than {user.email}.
      </MessagePage>
    )
  return (
    <ConfirmEmail
      confirmEmailChange={confirmEmailChange}
      email={user.email}
      newEmail={change.newEmail}
      profileHref="/account"
      token={token}
    />
  )
}
