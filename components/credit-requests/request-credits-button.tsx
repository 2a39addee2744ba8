"use client"

import type { OwnRequestActions, OwnRequestEntry } from "@/components/credit-requests/credit-request-types"
import { Button } from "@/components/ui/button"
import { useFetchedDialog } from "@/components/ui/use-fetched-dialog"

type RequestCreditsButtonProps = {
  /** The open request, to change it. */
  known?: OwnRequestEntry
  requestCredits: OwnRequestActions["requestCredits"]
}

const fetchDialog = async () => (await import("./request-credits-dialog")).RequestCreditsDialog

export function RequestCreditsButton({ known, requestCredits }: RequestCreditsButtonProps) {
  const { buttonProps, Dialog, hasFailed, opening, isOpen, close } = useFetchedDialog(
    fetchDialog,
    "request-credits",
  )
  return (
    <div className="flex flex-col items-end gap-2">
      <Button {...buttonProps} size={known ? "small" : "medium"} variant={known ? "secondary" : "primary"}>
        {known ? "Change" : "Request credits"}
      </Button>
      {hasFailed && (
        <p className="text-right text-caption text-danger" role="alert">
          That couldn’t be loaded. Check your connection, then try again.
        </p>
      )}
      {Dialog && (
        <Dialog
          buttonRef={buttonProps.ref}
          key={opening}
          known={known}
          onClose={() => close()}
          open={isOpen}
          requestCredits={requestCredits}
        />
      )}
    </div>
  )
}
