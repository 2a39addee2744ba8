"use client"

import type { MoveCredits, MoveSource, MoveTarget } from "@/components/credit-requests/credit-request-types"
import { FetchedDialogButton } from "@/components/ui/fetched-dialog-button"

type MoveCreditsButtonProps = {
  from: MoveSource
  /** Null where there are too many to choose from. */
  targets: MoveTarget[] | null
  moveCredits: MoveCredits
}

const fetchDialog = async () => (await import("./move-credits-dialog")).MoveCreditsDialog

export function MoveCreditsButton(props: MoveCreditsButtonProps) {
  return (
    <div className="flex flex-col items-end gap-2 text-right">
      <FetchedDialogButton address="move-credits" dialog={props} fetchDialog={fetchDialog}>
        Move credits
      </FetchedDialogButton>
    </div>
  )
}
