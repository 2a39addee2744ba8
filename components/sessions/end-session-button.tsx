"use client"

import type { EndSession, SessionEntry } from "@/components/sessions/session-types"
import { ConfirmButton } from "@/components/ui/confirm-button"
import { Time } from "@/components/ui/time"

type EndSessionButtonProps = { session: SessionEntry; endSession: EndSession; now: string }

export function EndSessionButton({ session, endSession, now }: EndSessionButtonProps) {
  const { id, browser, signedInAt, lastUsedAt } = session
  return (
    <ConfirmButton
      aria-label={`Sign out ${browser}`}
      confirm={() => endSession({ sessionId: id })}
      confirmLabel="Sign out"
      done={`${browser} is signed out.`}
      label="Sign out"
      title={`Sign out ${browser}?`}
      unreachable="No answer came, so it may still be signed in. Check your connection, then try again."
    >
      <p>
        Signed in <Time iso={signedInAt} now={now} />, last used{" "}
        <Time iso={lastUsedAt} look="day" now={now} />. You’ll have to sign in there again.
      </p>
    </ConfirmButton>
  )
}
