"use client"

import type { Invite } from "@/components/invitations/invitation-types"
import { FetchedDialogButton } from "@/components/ui/fetched-dialog-button"

const fetchDialog = async () => (await import("./invite-dialog")).InviteDialog

export function InviteButton({ invite, disabled }: { invite: Invite; disabled: boolean }) {
  return (
    <div className="flex shrink-0 flex-col items-end gap-2">
      <FetchedDialogButton
        address={disabled ? undefined : "invite"}
        dialog={{ invite }}
        disabled={disabled}
        fetchDialog={fetchDialog}
        variant="primary"
      >
        Invite
      </FetchedDialogButton>
    </div>
  )
}
