"use client"

import type { SignOutEverywhere } from "@/components/sessions/session-types"
import { ConfirmButton } from "@/components/ui/confirm-button"

/** Ends this browser's session too, because a stolen cookie belongs to the same session. */
export function SignOutEverywhereButton({ signOutEverywhere }: { signOutEverywhere: SignOutEverywhere }) {
  return (
    <ConfirmButton
      confirm={() => signOutEverywhere({})}
      confirmLabel="Sign out everywhere, here too"
      done="You’re signed out everywhere."
      label="Sign out everywhere"
      title="Sign out everywhere?"
      unreachable="No answer came, so you may still be signed in. Check your connection, then try again."
    >
      <p>
        Every browser is signed out, this one too. Do this if you think somebody else is using your account.
      </p>
    </ConfirmButton>
  )
}
