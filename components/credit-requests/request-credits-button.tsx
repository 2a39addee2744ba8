"use client"

import type { OwnRequestActions, OwnRequestEntry } from "@/components/credit-requests/credit-request-types"
import { FetchedDialogButton } from "@/components/ui/fetched-dialog-button"

type RequestCreditsButtonProps = {
  /** The open request, to change it. */
  known?: OwnRequestEntry
  requestCredits: OwnRequestActions["requestCredits"]
}

const fetchDialog = async () => (await import("./request-credits-dialog")).RequestCreditsDialog

export function RequestCreditsButton({ known, requestCredits }: RequestCreditsButtonProps) {
  return (
    <div className="flex flex-col items-end gap-2 text-right">
      <FetchedDialogButton
        address="request-credits"
        dialog={{ known, requestCredits }}
        fetchDialog={fetchDialog}
        size={known ? "small" : "medium"}
        variant={known ? "secondary" : "primary"}
      >
        {known ? "Change" : "Request credits"}
      </FetchedDialogButton>
    </div>
  )
}
