import type { ReactNode } from "react"
import {
  type AcceptInvitation,
  AcceptInvitationButton,
} from "@/components/invitations/accept-invitation-button"
import { SignInFrame } from "@/components/sign-in/sign-in-frame"
import { LinkButton } from "@/components/ui/link-button"
import { SubmitButton } from "@/components/ui/submit-button"

/** The link’s meaning to its reader. */
export type InvitationPageView =
  | { state: "gone" }
  | { state: "already_in"; team: string; href: string }
  | {
      state: "open" | "other_address" | "expired" | "used"
      team: string
      email: string
      /** `an Admin` */
      role: string
      invitedBy: string
    }

type InvitationPageProps = {
  view: InvitationPageView
  signedInAs: string | null
  signInHref: string
  accept: AcceptInvitation
  signOut: () => Promise<void>
}

export function InvitationPage({ view, signedInAs, signInHref, accept, signOut }: InvitationPageProps) {
  return (
    <SignInFrame>
      <div className="flex flex-col gap-4">
        {view.state === "gone" && (
          <>
            <Title>This invitation no longer works</Title>
            <p className="text-muted">
              It was withdrawn, replaced by a newer one, or the team is gone. If you were sent a newer email,
              open that link.
            </p>
            <LinkButton className="w-full" href="/teams">
              Go to your teams
            </LinkButton>
          </>
        )}
        {view.state === "already_in" && (
          <>
            <Title>You’re in {view.team}</Title>
            <LinkButton className="w-full" href={view.href} variant="primary">
              Open the team
            </LinkButton>
          </>
        )}
        {view.state === "used" && (
          <>
            <Title>This invitation has been used</Title>
            <p className="text-muted wrap-anywhere">
              An invitation works once. Ask {view.invitedBy} for another to come back to {view.team}.
            </p>
          </>
        )}
        {view.state === "expired" && (
          <>
            <Title>This invitation has expired</Title>
            <p className="text-muted wrap-anywhere">
              An invitation lasts 7 days. Ask {view.invitedBy} for another to join {view.team}.
            </p>
          </>
        )}
        {view.state === "other_address" && (
          <>
            <Title>This invitation is for another address</Title>
            <p className="text-muted wrap-anywhere">
              It is for {view.email}, and you’re signed in as {signedInAs}. Sign out, then open the link in
              the email again.
            </p>
            <form action={signOut}>
              <SubmitButton className="w-full" variant="primary">
                Sign out
              </SubmitButton>
            </form>
          </>
        )}
        {view.state === "open" && (
          <>
            <Title>Join {view.team}</Title>
            <p className="text-muted wrap-anywhere">
              {view.invitedBy} invites you as {view.role}.
              {signedInAs === null && ` Sign in as ${view.email} to accept.`}
            </p>
            {signedInAs === null ? (
              <LinkButton className="w-full" href={signInHref} variant="primary">
                Sign in
              </LinkButton>
            ) : (
              <AcceptInvitationButton accept={accept} className="w-full" variant="primary">
                Join team
              </AcceptInvitationButton>
            )}
            {signedInAs && (
              <p className="text-caption wrap-anywhere text-muted">You’re signed in as {signedInAs}.</p>
            )}
          </>
        )}
      </div>
    </SignInFrame>
  )
}

function Title({ children }: { children: ReactNode }) {
  return <h1 className="text-title font-semibold wrap-anywhere">{children}</h1>
}
