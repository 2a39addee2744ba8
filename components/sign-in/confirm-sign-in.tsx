import type { FormAction } from "@/components/sign-in/sign-in-card"
import { SignInFrame } from "@/components/sign-in/sign-in-frame"
import { LinkButton } from "@/components/ui/link-button"
import { Notice } from "@/components/ui/notice"
import { SubmitButton } from "@/components/ui/submit-button"

type ConfirmSignInProps = {
  email: string
  /** The person already signed in to this browser. */
  signedInAs: { name: string; email: string } | null
  action: FormAction
}

export function ConfirmSignIn({ email, signedInAs, action }: ConfirmSignInProps) {
  return (
    <SignInFrame>
      <h1 className="text-title font-semibold">Sign in to Credits</h1>
      <div className="mt-6 flex flex-col gap-4">
        {signedInAs && (
          <Notice tone="warning">
            You’re signed in as <span className="wrap-anywhere">{nameOf(signedInAs)}</span>. Continuing signs
            that account out of this browser.
          </Notice>
        )}
        <form action={action}>
          <SubmitButton
            className="h-auto! min-h-11 w-full py-2 whitespace-normal! sm:min-h-10"
            variant="primary"
          >
            <span className="min-w-0 wrap-anywhere">Sign in as {email}</span>
          </SubmitButton>
        </form>
        {signedInAs && (
          <LinkButton className="h-auto! min-h-11 w-full py-2 whitespace-normal! sm:min-h-10" href="/">
            <span className="min-w-0 wrap-anywhere">Stay signed in as {signedInAs.name}</span>
          </LinkButton>
        )}
        <p className="text-caption text-muted">
          Didn’t ask for this? Close the page. The link stops working after 15 minutes.
        </p>
      </div>
    </SignInFrame>
  )
}

const nameOf = ({ name, email }: { name: string; email: string }) =>
  name === email ? email : `${name} (${email})`
