import {
  type AcceptInvitation,
  AcceptInvitationButton,
} from "@/components/invitations/accept-invitation-button"
import type { FormAction } from "@/components/sign-in/sign-in-card"
import { SignInFrame } from "@/components/sign-in/sign-in-frame"
import { Amount } from "@/components/ui/amount"
import { Field, TextInput } from "@/components/ui/field"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"
import { Notice } from "@/components/ui/notice"
import { SubmitButton } from "@/components/ui/submit-button"

type TeamChooserProps = {
  /** Teams that let in everybody with an address like the reader’s. */
  joinable: { id: string; name: string; join: AcceptInvitation }[]
  userName: string
  teams: { href: string; name: string; role: string; balanceNanos: bigint }[]
  createTeam: FormAction
  nameError: string | null
  profileHref: string
  sessionsHref: string
  signOut: () => Promise<void>
}

/** A person's teams, and a form for the first one. */
export function TeamChooser({
  userName,
  teams,
  joinable,
  createTeam,
  nameError,
  profileHref,
  sessionsHref,
  signOut,
}: TeamChooserProps) {
  return (
    <SignInFrame>
      <h1 className="text-title font-semibold">{teams.length > 0 ? "Choose a team" : "Create your team"}</h1>
      <p className="mt-1 break-words text-muted">Signed in as {userName}.</p>
      {joinable.length > 0 && (
        <section aria-labelledby="joinable" className="mt-6 border-b border-border pb-6">
          <h2 className="font-semibold" id="joinable">
            Teams you may join
          </h2>
          <ul className="mt-3 flex flex-col gap-3">
            {joinable.map((team) => (
              <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2" key={team.id}>
                <span className="min-w-0 flex-1 wrap-anywhere">{team.name}</span>
                <AcceptInvitationButton accept={team.join} aria-label={`Join ${team.name}`} size="small">
                  Join
                </AcceptInvitationButton>
              </li>
            ))}
          </ul>
        </section>
      )}
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
      <p className="mt-4 flex justify-center gap-4 text-caption">
        {[
          { href: profileHref, label: "Profile" },
          { href: sessionsHref, label: "Sessions" },
        ].map(({ href, label }) => (
          <Link
            className="rounded-sm font-medium text-accent underline-offset-4 hover:underline"
            href={href}
            key={href}
          >
            {label}
          </Link>
        ))}
      </p>
    </SignInFrame>
  )
}
