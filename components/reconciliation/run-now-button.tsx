"use client"

import { ActionButton } from "@/components/ui/action-button"
import type { ActionResult } from "@/lib/web/action-result"

type RunNowButtonProps = {
  /** A server action. */
  run: (input: Record<string, never>) => Promise<ActionResult<null>>
  isUnderWay: boolean
}

export function RunNowButton({ run, isUnderWay }: RunNowButtonProps) {
  return (
    <div className="flex flex-col items-end gap-2">
      <ActionButton
        pending={isUnderWay}
        problemClassName="max-w-[32ch] text-right"
        run={() => run({})}
        unreachable="The check couldn’t be started. Check your connection, then try again."
      >
        Run now
      </ActionButton>
    </div>
  )
}
