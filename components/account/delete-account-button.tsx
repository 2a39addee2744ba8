"use client"

import type { DeleteAccount } from "@/components/account/account-types"
import { TypedConfirmButton } from "@/components/ui/typed-confirm-button"

type DeleteAccountButtonProps = { email: string; deleteAccount: DeleteAccount }

export function DeleteAccountButton({ email, deleteAccount }: DeleteAccountButtonProps) {
  return (
    <TypedConfirmButton
      confirm={(typed) => deleteAccount({ email: typed })}
      confirmLabel="Delete account"
      expected={email}
      fieldLabel="Your email address"
      label="Delete account"
      nextHref="/sign-in"
      title="Delete your account?"
      unreachable="No answer came, so your account may be deleted. Load the page again to see."
    >
      <ul className="list-disc pl-5">
        <li>You leave all your teams. Credits you bought there go to the pool that pays for the team.</li>
        <li>Your name, address, sign-ins and preferences are deleted.</li>
        <li>API keys and endpoints that you made stay with their teams.</li>
      </ul>
      <p>
        This can’t be undone. To confirm, type <span className="font-medium wrap-anywhere">{email}</span>.
      </p>
    </TypedConfirmButton>
  )
}
