"use client"

import { useState } from "react"
import type { ConfirmEmailChange } from "@/components/account/account-types"
import { SignInFrame } from "@/components/sign-in/sign-in-frame"
import { Button } from "@/components/ui/button"
import { LinkButton } from "@/components/ui/link-button"
import { Notice } from "@/components/ui/notice"
import { useAction } from "@/components/ui/use-action"

type ConfirmEmailProps = {
  email: string
  newEmail: string
  token: string
  profileHref: string
  confirmEmailChange: ConfirmEmailChange
}

export function ConfirmEmail({ email, newEmail, token, profileHref, confirmEmailChange }: ConfirmEmailProps) {
  const [isDone, setIsDone] = useState(false)
  const { pending, refusal, call } = useAction(confirmEmailChange, {
    unreachable: "No answer came, so the address may have changed. Look at your profile.",
  })

  async function confirm() {
    const result = await call({ token })
    if (result?.ok) setIsDone(true)
  }

  return (
    <SignInFrame>
      <h1 className="text-title font-semibold">{isDone ? "Address changed" : "Confirm your new address"}</h1>
      <div aria-live="polite" className="mt-2 text-muted">
        {isDone ? (
          <p>
            You sign in with <span className="wrap-anywhere">{newEmail}</span> from now on. Your other
            browsers were signed out.
          </p>
        ) : (
          <p>
            Your account changes from <span className="wrap-anywhere">{email}</span> to{" "}
            <span className="font-medium wrap-anywhere text-text">{newEmail}</span>. Your other browsers are
            signed out.
          </p>
        )}
      </div>
      <div className="mt-6 flex flex-col gap-4">
        {refusal && (
          <Notice announce tone="danger">
            {refusal.message}
          </Notice>
        )}
        {!isDone && (
          <Button className="w-full" onClick={confirm} pending={pending} variant="primary">
            Change address
          </Button>
        )}
        <LinkButton className="w-full" href={profileHref}>
          {isDone ? "Go to your profile" : "Keep the present address"}
        </LinkButton>
      </div>
    </SignInFrame>
  )
}
