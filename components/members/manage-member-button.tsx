"use client"

import type { MemberActions, MemberEntry, MemberRights } from "@/components/members/member-types"
import { FetchedDialogButton } from "@/components/ui/fetched-dialog-button"

type ManageMemberButtonProps = { member: MemberEntry; actions: MemberActions; rights: MemberRights }

const fetchDialog = async () => (await import("./manage-member-dialog")).ManageMemberDialog

export function ManageMemberButton(props: ManageMemberButtonProps) {
  return (
    <FetchedDialogButton
      aria-label={`Manage ${props.member.name}`}
      dialog={props}
      fetchDialog={fetchDialog}
      size="small"
    >
      Manage
    </FetchedDialogButton>
  )
}
