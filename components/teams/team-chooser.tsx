import type { FormAction } from "@/components/sign-in/sign-in-card"
import { SignInFrame } from "@/components/sign-in/sign-in-frame"
import { Amount } from "@/components/ui/amount"
import { Field, TextInput } from "@/components/ui/field"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"
import { Notice } from "@/components/ui/notice"
import { SubmitButton } from "@/components/ui/submit-button"

type TeamChooserProps = {
  userName: string
  teams: { href: string; name: string; role: string; balanceNanos: bigint }[]
  createTeam: FormAction
  nameError: string | null
  sessionsHref: string
  signOut: () => Promise<void>
}

/** A person's teams, and a form for the first one. */
export function TeamChooser({
  userName,
  teams,
  createTeam,
  nameError,
  sessionsHref,
  signOut,
}: TeamChooserProps) {
  return (
    <SignInFrame>
      <h1 className="text-title font-semibold">{teams.length > 0 ? "Choose a team" : "Create your team"}</h1>
      <p className="mt-1 break-words text-muted">Signed in as {userName}.</p>
      {teams.length > 0 ? (
        <>
          {nameError && (
            <div className="mt-4">
              <Notice tone="danger" announce>
                {nameError}
              </Notice>
            </div>
          )}
          <ul className="-mx-3 mt-4 flex flex-col gap-1">
            {teams.map((team) => (
              <li key={team.href}>
                <Link
                  className="flex items-center gap-3 rounded-control px-3 py-2.5 transition-colors duration-100 hover:bg-sunken"
                  href={team.href}
                >
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-medium">{team.name}</span>
                    <span className="block text-caption text-muted">{team.role}</span>
                  </span>
                  <Amount as="balance" nanos={team.balanceNanos} />
                  <Icon className="text-muted" name="forward" />
                </Link>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <form action={createTeam} className="mt-6 flex flex-col gap-4">
          <Field error={nameError} id="name" label="Team name">
            {(control) => (
              <TextInput {...control} autoComplete="organization" maxLength={60} name="name" required />
            )}
          </Field>
          <SubmitButton className="w-full" variant="primary">
            Create team
          </SubmitButton>
        </form>
      )}
      <form action={signOut} className="mt-6">
        <SubmitButton className="w-full" variant="secondary">
          Sign out
        </SubmitButton>
      </form>
      <p className="mt-4 text-center text-caption">
        <Link
          className="rounded-sm font-medium text-accent underline-offset-4 hover:underline"
          href={sessionsHref}
        >
          Sessions
        </Link>
      </p>
    </SignInFrame>
  )
}
