"use client"

import type { InvitationActions, InvitationEntry } from "@/components/invitations/invitation-types"
import { ConfirmButton } from "@/components/ui/confirm-button"

type RevokeInvitationButtonProps = {
  invitation: InvitationEntry
  revokeInvitation: InvitationActions["revokeInvitation"]
}

export function RevokeInvitationButton({ invitation, revokeInvitation }: RevokeInvitationButtonProps) {
  const { id, email } = invitation
  return (
    <ConfirmButton
      aria-label={`Withdraw the invitation of ${email}`}
      confirm={() => revokeInvitation({ invitationId: id })}
      confirmLabel="Withdraw"
      done={`The invitation of ${email} is withdrawn.`}
      label="Withdraw"
      title="Withdraw this invitation?"
      unreachable="No answer came, so the link may still work. Check your connection, then try again."
      variant="ghost"
    >
      <p className="wrap-anywhere">
        The link that {email} was sent stops working. You can invite them again.
      </p>
    </ConfirmButton>
  )
}
