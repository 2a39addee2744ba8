"use client"

import type { CancelEmailChange } from "@/components/account/account-types"
import { ActionButton } from "@/components/ui/action-button"
import { Notice } from "@/components/ui/notice"

type PendingEmailProps = { email: string; cancelEmailChange: CancelEmailChange }

export function PendingEmail({ email, cancelEmailChange }: PendingEmailProps) {
  return (
    <Notice
      action={
        <ActionButton
          run={() => cancelEmailChange({})}
          size="small"
          unreachable="The change couldn’t be taken back. Check your connection, then try again."
        >
          Keep the present address
        </ActionButton>
      }
      title="Confirm your new address"
    >
      We mailed <span className="wrap-anywhere">{email}</span>. Open the link there within an hour, in a
      browser where you’re signed in.
    </Notice>
  )
}
