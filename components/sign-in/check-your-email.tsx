import { SignInFrame } from "@/components/sign-in/sign-in-frame"
import { Icon } from "@/components/ui/icon"
import { LinkButton } from "@/components/ui/link-button"

type CheckYourEmailProps = {
  email?: string | null
  signInHref: string
  /** Where mails are kept when no mail server is set: the demo. */
  outboxHref?: string | null
}

export function CheckYourEmail({ email, signInHref, outboxHref }: CheckYourEmailProps) {
  return (
    <SignInFrame>
      <span className="mb-4 grid size-10 place-items-center rounded-control bg-accent-soft text-accent">
        <Icon className="size-5" name="mail" />
      </span>
      <h1 className="text-title font-semibold">Check your email</h1>
      <p className="mt-1 text-muted">
        A sign-in link is on its way to{" "}
        {email ? <strong className="font-medium break-words text-text">{email}</strong> : "you"}. Open it to
        continue.
      </p>
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
