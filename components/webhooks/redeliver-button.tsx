"use client"

import { ActionButton } from "@/components/ui/action-button"
import type { ActionResult } from "@/lib/web/action-result"

type RedeliverButtonProps = {
  deliveryId: string
  redeliver: (input: { deliveryId: string }) => Promise<ActionResult<void>>
}

export function RedeliverButton({ deliveryId, redeliver }: RedeliverButtonProps) {
  return (
    <div className="flex flex-col items-start gap-2">
      <ActionButton
        done="It is sent again."
        run={() => redeliver({ deliveryId })}
        size="small"
        unreachable="It couldn’t be sent. Check your connection, then try again."
      >
        Redeliver
      </ActionButton>
    </div>
  )
}
