"use client"

import type { MoveCredits, MoveSource, MoveTarget } from "@/components/credit-requests/credit-request-types"
import { Button } from "@/components/ui/button"
import { useFetchedDialog } from "@/components/ui/use-fetched-dialog"

type MoveCreditsButtonProps = {
  from: MoveSource
  /** Null where there are too many to choose from. */
  targets: MoveTarget[] | null
  moveCredits: MoveCredits
}

const fetchDialog = async () => (await import("./move-credits-dialog")).MoveCreditsDialog

export function MoveCreditsButton({ from, targets, moveCredits }: MoveCreditsButtonProps) {
  const { buttonProps, Dialog, hasFailed, opening, isOpen, close } = useFetchedDialog(
    fetchDialog,
    "move-credits",
  )
  return (
    <div className="flex flex-col items-end gap-2">
      <Button {...buttonProps}>Move credits</Button>
      {hasFailed && (
        <p className="text-right text-caption text-danger" role="alert">
          That couldn’t be loaded. Check your connection, then try again.
        </p>
      )}
      {Dialog && (
        <Dialog
          buttonRef={buttonProps.ref}
          from={from}
          key={opening}
          moveCredits={moveCredits}
          onClose={() => close()}
          open={isOpen}
          targets={targets}
        />
      )}
    </div>
  )
}
