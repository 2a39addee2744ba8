"use client"

import type { RequestEmailChange } from "@/components/account/account-types"
import { OneFieldForm } from "@/components/ui/one-field-form"
import { problemOf } from "@/components/ui/problems"
import { changeEmailSchema } from "@/lib/account/schema"

type EmailFormProps = { email: string; requestEmailChange: RequestEmailChange }

export function EmailForm({ email, requestEmailChange }: EmailFormProps) {
  return (
    <OneFieldForm
      autoComplete="email"
      check={(text) => {
        const parsed = changeEmailSchema.safeParse({ email: text })
        if (!parsed.success) return { ok: false, message: problemOf(parsed.error) }
        if (parsed.data.email === email) return { ok: false, message: "This is your address already." }
        return { ok: true, value: parsed.data.email }
      }}
      done="Check the new mailbox for a link."
      hint="A link to the new address confirms the change. Other browsers are then signed out."
      id="own-email"
      inputMode="email"
      label="Email"
      name="email"
      save={(value) => requestEmailChange({ email: value })}
      saveLabel="Change"
      type="email"
      unreachable="The change couldn’t be asked for. Check your connection, then try again."
      value={email}
    />
  )
}
