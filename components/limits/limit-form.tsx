"use client"

import { useRef, useState } from "react"
import type { FreeKey, LimitActions, LimitEntry, LimitSubject } from "@/components/limits/limit-types"
import { Button } from "@/components/ui/button"
import { Field, TextInput } from "@/components/ui/field"
import { FormEnd } from "@/components/ui/form-end"
import { MoneyField } from "@/components/ui/money-field"
import { problemOf } from "@/components/ui/problems"
import { Radio, RadioGroup } from "@/components/ui/radio"
import { Select } from "@/components/ui/select"
import { useAction } from "@/components/ui/use-action"
import { limitAmountSchema } from "@/lib/limits/schema"
import { toDecimalString } from "@/lib/money/usd"

type LimitFormProps = {
  kind: "member" | "api_key"
  /** The limit that is changed, and whose it is. Without them, the form asks whose. */
  known?: { limit: LimitEntry; subject: LimitSubject }
  freeKeys: FreeKey[]
  saveLimit: LimitActions["saveLimit"]
  onCancel: () => void
  onSaved: () => void
  onPendingChange: (pending: boolean) => void
}

type Errors = { email?: string; amount?: string; other?: string }

const UNREACHABLE = "No answer came, so the limit may be the old one. Check your connection, then try again."

/** Mount it with a new key for each opening. */
export function LimitForm(props: LimitFormProps) {
  const { kind, known, freeKeys, saveLimit, onCancel, onSaved, onPendingChange } = props
  const [email, setEmail] = useState("")
  const [apiKeyId, setApiKeyId] = useState(freeKeys[0]?.id ?? "")
  const [amount, setAmount] = useState(known ? toDecimalString(known.limit.amountNanos) : "")
  const [refuses, setRefuses] = useState(known?.limit.refuses ?? true)
  const [errors, setErrors] = useState<Errors>({})
  const emailInput = useRef<HTMLInputElement>(null)
  const amountInput = useRef<HTMLInputElement>(null)
  const { pending, call } = useAction(saveLimit, { unreachable: UNREACHABLE, onPendingChange })

  function fail(found: Errors) {
    setErrors(found)
    if (found.email) emailInput.current?.focus()
    else if (found.amount) amountInput.current?.focus()
  }

  async function submit() {
    if (!known && kind === "member" && email.trim() === "")
      return fail({ email: "Enter a member’s email address." })
    const parsed = limitAmountSchema.safeParse(amount)
    if (!parsed.success) return fail({ amount: problemOf(parsed.error) })
    setErrors({})
    const subject =
      known?.subject ?? (kind === "member" ? { kind: "email" as const, email } : { kind, apiKeyId })
    const result = await call({ subject, amount, refuses })
    if (!result) return
    if (result.ok) return onSaved()
    const { field, message } = result
    fail(field === "email" || field === "amount" ? { [field]: message } : { other: message })
  }

  return (
    <form
      className="flex flex-col gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      {!known && kind === "member" && (
        <Field error={errors.email} id="limit-email" label="Member’s email">
          {(control) => (
            <TextInput
              {...control}
              autoComplete="off"
              inputMode="email"
              name="email"
              onChange={(event) => {
                setEmail(event.target.value)
                setErrors(({ email: _, ...rest }) => rest)
              }}
              ref={emailInput}
              spellCheck={false}
              value={email}
            />
          )}
        </Field>
      )}
      {!known && kind === "api_key" && (
        <Field id="limit-key" label="API key">
          {(control) => (
            <Select
              {...control}
              name="key"
              onChange={(event) => setApiKeyId(event.target.value)}
              value={apiKeyId}
            >
              {freeKeys.map(({ id, name, last4 }) => (
                <option key={id} value={id}>
                  {name} (ck_…{last4})
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <MoneyField
        error={errors.amount ?? null}
        id="limit-amount"
        inputRef={amountInput}
        label="Monthly limit"
        name="amount"
        onChange={(text) => {
          setAmount(text)
          setErrors(({ amount: _, ...rest }) => rest)
        }}
        value={amount}
      />
      <RadioGroup legend="At the limit">
        <Radio
          checked={refuses}
          detail="Requests that would exceed it are refused and say who can raise it."
          id="limit-refuses"
          label="Stop usage"
          name="limit-mode"
          onChoose={() => setRefuses(true)}
        />
        <Radio
          checked={!refuses}
          detail="Usage goes on. Owners and Admins hear of it at 80% and at 100%."
          id="limit-tells"
          label="Warn only"
          name="limit-mode"
          onChoose={() => setRefuses(false)}
        />
      </RadioGroup>
      <FormEnd onCancel={onCancel} pending={pending} problem={errors.other}>
        <Button pending={pending} type="submit" variant="primary">
          Save limit
        </Button>
      </FormEnd>
    </form>
  )
}
