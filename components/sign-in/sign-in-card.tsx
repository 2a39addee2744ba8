import type { ReactNode } from "react"
import { SignInFrame } from "@/components/sign-in/sign-in-frame"
import { Field, TextInput } from "@/components/ui/field"
import { Notice } from "@/components/ui/notice"
import { SubmitButton } from "@/components/ui/submit-button"

export type FormAction = (form: FormData) => Promise<void>

type SignInCardProps = {
  /** One per seeded person: `Continue as Owner`. Absent outside the demo. */
  demo?: { label: string; action: FormAction }[]
  /** Receives `email` from the form. */
  emailAction?: FormAction
  providers?: { label: string; action: FormAction }[]
  /** Why signing in failed, as one sentence. */
  error?: string | null
}

export function SignInCard(props: SignInCardProps) {
  const { demo = [], emailAction, providers = [], error } = props
  const [firstDemo, ...otherDemos] = demo
  return (
    <SignInFrame>
      <h1 className="text-title font-semibold">Sign in</h1>
      <p className="mt-1 text-muted">Prepaid credits for your team: one balance, every transaction.</p>
      <div className="mt-6 flex flex-col gap-6">
        {error && <Notice tone="danger">{error}</Notice>}
        {firstDemo && (
          <div className="flex flex-col gap-2">
            <ActionForm action={firstDemo.action} label={firstDemo.label} primary />
            {otherDemos.map((person) => (
              <ActionForm action={person.action} key={person.label} label={person.label} />
            ))}
            <p className="mt-1 text-caption text-muted">Demo: sample data, no real money.</p>
          </div>
        )}
        {firstDemo && (emailAction || providers.length > 0) && <Or />}
        {providers.length > 0 && (
          <div className="flex flex-col gap-2">
            {providers.map((provider) => (
              <ActionForm
                action={provider.action}
                key={provider.label}
                label={`Continue with ${provider.label}`}
              />
            ))}
          </div>
        )}
        {emailAction && (
          <form action={emailAction} className="flex flex-col gap-4">
            <Field id="email" label="Email">
              {(control) => (
                <TextInput
                  {...control}
                  autoComplete="email"
                  name="email"
                  placeholder="you@company.com"
                  required
                  type="email"
                />
              )}
            </Field>
            <SubmitButton className="w-full" variant={firstDemo ? "secondary" : "primary"}>
              Email me a sign-in link
            </SubmitButton>
          </form>
        )}
      </div>
    </SignInFrame>
  )
}

function ActionForm({
  action,
  label,
  primary = false,
}: {
  action: FormAction
  label: ReactNode
  primary?: boolean
}) {
  return (
    <form action={action}>
      <SubmitButton className="w-full" variant={primary ? "primary" : "secondary"}>
        {label}
      </SubmitButton>
    </form>
  )
}

function Or() {
  return (
    <div className="flex items-center gap-3 text-caption text-muted">
      <span aria-hidden="true" className="h-px flex-1 bg-border" />
      or
      <span aria-hidden="true" className="h-px flex-1 bg-border" />
    </div>
  )
}
