"use client"

import type { ApiKeyActions, ApiKeyEntry } from "@/components/api-keys/api-key-types"
import { Button } from "@/components/ui/button"
import { useFetchedDialog } from "@/components/ui/use-fetched-dialog"

type ManageKeyButtonProps = { apiKey: ApiKeyEntry; actions: ApiKeyActions }

const fetchDialog = async () => (await import("./manage-key-dialog")).ManageKeyDialog

export function ManageKeyButton(props: ManageKeyButtonProps) {
  const { buttonProps, Dialog, hasFailed, opening, isOpen, close } = useFetchedDialog(fetchDialog)
  return (
    <>
      <Button {...buttonProps} aria-label={`Manage ${props.apiKey.name}`} size="small">
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
