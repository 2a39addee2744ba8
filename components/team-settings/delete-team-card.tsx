"use client"

import type { DeleteTeam } from "@/components/team-settings/team-settings-types"
import { Amount } from "@/components/ui/amount"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { TypedConfirmButton } from "@/components/ui/typed-confirm-button"

type DeleteTeamCardProps = {
  name: string
  creditsNanos: bigint
  members: number
  /** Why it can't be deleted yet. */
  inFlight: string[]
  deleteTeam: DeleteTeam
}

export function DeleteTeamCard({ name, creditsNanos, members, inFlight, deleteTeam }: DeleteTeamCardProps) {
  return (
    <Card labelledBy="delete-team-title">
      <CardHeader>
        <CardTitle id="delete-team-title">Delete team</CardTitle>
      </CardHeader>
      <CardSection className="flex flex-col items-start gap-4 pt-2">
        {inFlight.length > 0 ? (
          <ul className="flex flex-col gap-1 text-muted">
            {inFlight.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        ) : (
          <>
            <p className="text-muted">Nobody can open it any more, and its API keys stop working.</p>
            <TypedConfirmButton
              confirm={(typed) => deleteTeam({ name: typed })}
              confirmLabel="Delete team"
              expected={name}
              fieldLabel="The team’s name"
              label="Delete team"
              nextHref="/teams"
              title="Delete the team?"
              unreachable="No answer came, so the team may be deleted. Load the page again to see."
            >
              <ul className="list-disc pl-5">
                {creditsNanos > 0n && (
                  <li>
                    <Amount as="balance" className="font-medium" nanos={creditsNanos} /> of credits is left.
                    It’s lost.
                  </li>
                )}
                <li>{members === 1 ? "You lose access." : `All ${members} members lose access.`}</li>
                <li>API keys, webhooks and auto top-ups stop.</li>
                <li>Payments and transactions are kept for the books.</li>
              </ul>
              <p>
                This can’t be undone. To confirm, type{" "}
                <span className="font-medium wrap-anywhere">{name}</span>.
              </p>
            </TypedConfirmButton>
          </>
        )}
      </CardSection>
    </Card>
  )
}
