"use client"

import type { Invite } from "@/components/invitations/invitation-types"
import { Button } from "@/components/ui/button"
import { useFetchedDialog } from "@/components/ui/use-fetched-dialog"

const fetchDialog = async () => (await import("./invite-dialog")).InviteDialog

export function InviteButton({ invite, disabled }: { invite: Invite; disabled: boolean }) {
  const { buttonProps, Dialog, hasFailed, opening, isOpen, close } = useFetchedDialog(
    fetchDialog,
    disabled ? undefined : "invite",
  )
  return (
    <div className="flex shrink-0 flex-col items-end gap-2">
      <Button {...buttonProps} disabled={disabled} variant="primary">
        Invite
      </Button>
      {hasFailed && (
        <p className="text-caption text-danger" role="alert">
          That couldn’t be loaded. Check your connection, then try again.
        </p>
      )}
      {Dialog && (
        <Dialog
          buttonRef={buttonProps.ref}
          invite={invite}
          key={opening}
          onClose={() => close()}
          open={isOpen}
        />
      )}
    </div>
  )
}
