"use client"

import type { ApiKeyActions, ApiKeyEntry } from "@/components/api-keys/api-key-types"
import { FetchedDialogButton } from "@/components/ui/fetched-dialog-button"

type ManageKeyButtonProps = { apiKey: ApiKeyEntry; actions: ApiKeyActions }

const fetchDialog = async () => (await import("./manage-key-dialog")).ManageKeyDialog

export function ManageKeyButton(props: ManageKeyButtonProps) {
  return (
    <FetchedDialogButton
      aria-label={`Manage ${props.apiKey.name}`}
      dialog={props}
      fetchDialog={fetchDialog}
      size="small"
    >
      Manage
    </FetchedDialogButton>
  )
}
