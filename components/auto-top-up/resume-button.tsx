"use client"

import { ActionButton } from "@/components/ui/action-button"
import type { ActionResult } from "@/lib/web/action-result"

/** Ends a suspension: the same card is charged again. */
export function ResumeButton({ resume }: { resume: () => Promise<ActionResult<void>> }) {
  return (
    <ActionButton
      problemClassName="basis-full"
      run={resume}
      size="small"
      unreachable="It couldn’t be resumed. Check your connection, then try again."
    >
      Resume
    </ActionButton>
  )
}
