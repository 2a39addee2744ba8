import type { Metadata } from "next"
import { InvitationPage, type InvitationPageView } from "@/components/invitations/invitation-page"
import { getCurrentUser } from "@/lib/auth/session"
import { type InvitationView, viewInvitation } from "@/lib/invitations/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import { signOut } from "../(auth)/sign-in/actions"
import { acceptInvitation } from "./actions"

export const metadata: Metadata = { title: "Invitation", robots: { index: false } }

type Props = { searchParams: Promise<{ token?: string | string[] }> }

/**
 * The page that a mailed invitation opens. Opening it doesn't use the invitation up, because mail scanners open links
 * before people do.
 */
export default async function InvitationRoute({ searchParams }: Props) {
  const { token: asked } = await searchParams
  const token = typeof asked === "string" ? asked : ""
  const user = await getCurrentUser()
  const next = `/invitation?${new URLSearchParams({ token })}`
  return (
    <InvitationPage
      accept={acceptInvitation.bind(null, { token })}
      signedInAs={user?.email ?? null}
      signInHref={`/sign-in?next=${encodeURIComponent(next)}`}
      signOut={signOut}
      view={toPageView(await viewInvitation(pageCtx(), token, user))}
    />
  )
}

function toPageView(view: InvitationView): InvitationPageView {
  if (view.state === "gone") return view
  if (view.state === "already_in")
    return { state: view.state, team: view.team, href: `/${view.slug}/settings/account/billing` }
  return { ...view, role: view.role === "ADMIN" ? "an Admin" : "a Member" }
}
