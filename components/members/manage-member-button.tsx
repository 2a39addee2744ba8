"use client"

import type { MemberActions, MemberEntry, MemberRights } from "@/components/members/member-types"
import { Button } from "@/components/ui/button"
import { useFetchedDialog } from "@/components/ui/use-fetched-dialog"

type ManageMemberButtonProps = { member: MemberEntry; actions: MemberActions; rights: MemberRights }

const fetchDialog = async () => (await import("./manage-member-dialog")).ManageMemberDialog

export function ManageMemberButton(props: ManageMemberButtonProps) {
  const { buttonProps, Dialog, hasFailed, opening, isOpen, close } = useFetchedDialog(fetchDialog)
  return (
    <>
      <Button {...buttonProps} aria-label={`Manage ${props.member.name}`} size="small">
        Manage
      </Button>
      {hasFailed && (
        <p className="text-caption text-danger" role="alert">
          That couldn’t be loaded. Check your connection, then try again.
        </p>
      )}
      {Dialog && (
        <Dialog {...props} buttonRef={buttonProps.ref} key={opening} onClose={() => close()} open={isOpen} />
      )}
    </>
  )
}
