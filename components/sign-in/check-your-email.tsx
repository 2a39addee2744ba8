import { SignInFrame } from "@/components/sign-in/sign-in-frame"
import { Icon } from "@/components/ui/icon"
import { LinkButton } from "@/components/ui/link-button"

type CheckYourEmailProps = {
  signInHref: string
  /** The demo's list of mails, when no mail server is set. */
  outboxHref?: string | null
}

export function CheckYourEmail({ signInHref, outboxHref }: CheckYourEmailProps) {
  return (
    <SignInFrame>
      <span className="mb-4 grid size-10 place-items-center rounded-control bg-accent-soft text-accent">
        <Icon className="size-5" name="mail" />
      </span>
      <h1 className="text-title font-semibold">Check your email</h1>
      <p className="mt-1 text-muted">We’ve sent you a sign-in link. It works once, for 15 minutes.</p>
      <div className="mt-6 flex flex-col gap-2">
        {outboxHref && (
          <LinkButton className="w-full" href={outboxHref} variant="primary">
            Open the demo outbox
          </LinkButton>
        )}
        <LinkButton className="w-full" href={signInHref}>
          Use another address
        </LinkButton>
      </div>
    </SignInFrame>
  )
}
