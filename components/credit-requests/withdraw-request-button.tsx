"use client"

import type { OwnRequestActions } from "@/components/credit-requests/credit-request-types"
import { ActionButton } from "@/components/ui/action-button"

type WithdrawRequestButtonProps = {
  requestId: string
  withdrawRequest: OwnRequestActions["withdrawRequest"]
}

export function WithdrawRequestButton({ requestId, withdrawRequest }: WithdrawRequestButtonProps) {
  return (
    <ActionButton
      done="Your request is withdrawn."
      run={() => withdrawRequest({ requestId })}
      size="small"
      unreachable="No answer came, so your request may still be open. Check your connection, then try again."
      variant="ghost"
    >
      Withdraw
    </ActionButton>
  )
}
