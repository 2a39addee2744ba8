import type { InvitationActions, InvitationEntry } from "@/components/invitations/invitation-types"
import { ActionButton } from "@/components/ui/action-button"
import { Badge } from "@/components/ui/badge"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { Time } from "@/components/ui/time"
import { RevokeInvitationButton } from "./revoke-invitation-button"

type InvitationsCardProps = {
  /** Newest first. */
  invitations: InvitationEntry[]
  hasMore: boolean
  actions: InvitationActions
  canMail: boolean
  now: string
}

/** The open invitations. Renders nothing if there are none. */
export function InvitationsCard({ invitations, hasMore, actions, canMail, now }: InvitationsCardProps) {
  if (invitations.length === 0) return null
  return (
    <Card labelledBy="invitations">
      <CardHeader>
        <CardTitle id="invitations">Open invitations</CardTitle>
      </CardHeader>
      <CardSection className="pt-1">
        <ul className="divide-y divide-border">
          {invitations.map((invitation) => (
            <li
              className="flex gap-x-4 gap-y-2 py-4 first:pt-2 last:pb-0 max-sm:flex-col sm:items-center sm:justify-between"
              key={invitation.id}
            >
              <div className="min-w-0">
                <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
                  <span className="font-medium wrap-anywhere">{invitation.email}</span>
                  {invitation.hasExpired && <Badge tone="warning">Expired</Badge>}
                </p>
                <p className="text-caption wrap-anywhere text-muted">
                  {invitation.role}, invited by {invitation.invitedBy}{" "}
                  <Time iso={invitation.sentAt} now={now} />
                  {!invitation.hasExpired && (
                    <>
                      , until <Time iso={invitation.expiresAt} look="day" now={now} />
                    </>
                  )}
                </p>
              </div>
              <div className="flex shrink-0 gap-2">
                {canMail && (
                  <ActionButton
                    aria-label={`Resend the invitation of ${invitation.email}`}
                    done={`${invitation.email} is sent a new link. The former one no longer works.`}
                    run={actions.resendInvitation.bind(null, { invitationId: invitation.id })}
                    size="small"
                    unreachable="No answer came, so it may have been sent. Look at the time in the list."
                  >
                    Resend
                  </ActionButton>
                )}
                <RevokeInvitationButton invitation={invitation} revokeInvitation={actions.revokeInvitation} />
              </div>
            </li>
          ))}
        </ul>
        {hasMore && <p className="mt-4 text-caption text-muted">Older invitations aren’t shown.</p>}
      </CardSection>
    </Card>
  )
}
