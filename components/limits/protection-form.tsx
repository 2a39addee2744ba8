"use client"

import { useState } from "react"
import type { Protection, SaveProtection } from "@/components/limits/limit-types"
import { Button } from "@/components/ui/button"
import { CheckboxBox } from "@/components/ui/checkbox"
import { FormEnd } from "@/components/ui/form-end"
import { MoneyField } from "@/components/ui/money-field"
import { problemsOf } from "@/components/ui/problems"
import { useAction } from "@/components/ui/use-action"
import { saveProtectionSchema } from "@/lib/limits/schema"
import { toDecimalString } from "@/lib/money/usd"

type ProtectionFormProps = {
  protection: Protection
  saveProtection: SaveProtection
  onCancel: () => void
  onSaved: () => void
  onPendingChange: (pending: boolean) => void
}

type Errors = { amount?: string; reserve?: string; other?: string }

const UNREACHABLE =
  "No answer came, so the protection may be the old one. Check your connection, then try again."

export function ProtectionForm(props: ProtectionFormProps) {
  const { protection, saveProtection, onCancel, onSaved, onPendingChange } = props
  const [isLimited, setIsLimited] = useState(protection.limit !== null)
  const [amount, setAmount] = useState(
    protection.limit ? toDecimalString(protection.limit.amountNanos) : "100.00",
  )
  const [reserve, setReserve] = useState(toDecimalString(protection.reserveNanos))
  const [errors, setErrors] = useState<Errors>({})
  const { pending, call } = useAction(saveProtection, { unreachable: UNREACHABLE, onPendingChange })

  async function submit() {
    const input = { amount: isLimited ? amount : null, reserve }
    const parsed = saveProtectionSchema.safeParse(input)
    if (!parsed.success) return setErrors(problemsOf(parsed.error, ["amount", "reserve"]))
    setErrors({})
    const result = await call(input)
    if (result?.ok) onSaved()
    else if (result) setErrors({ other: result.message })
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
      <label className="flex w-fit items-center gap-3 py-1" htmlFor="protection-limited">
        <CheckboxBox
          checked={isLimited}
          id="protection-limited"
          onChange={(event) => setIsLimited(event.target.checked)}
        />
        Limit what keys and schedules draw each month
      </label>
      {isLimited && (
        <MoneyField
          error={errors.amount ?? null}
          hint="By calendar month (UTC). What was drawn this month counts already."
          id="protection-amount"
          label="Monthly limit"
          name="amount"
          onChange={(text) => {
            setAmount(text)
            setErrors(({ amount: _, ...rest }) => rest)
          }}
          value={amount}
        />
      )}
      <MoneyField
        error={errors.reserve ?? null}
        hint="Keys and schedules are refused before they go below it. People can use it."
        id="protection-reserve"
        label="Reserve"
        name="reserve"
        onChange={(text) => {
          setReserve(text)
          setErrors(({ reserve: _, ...rest }) => rest)
        }}
        value={reserve}
      />
      <FormEnd onCancel={onCancel} pending={pending} problem={errors.other}>
        <Button pending={pending} type="submit" variant="primary">
          Save
        </Button>
      </FormEnd>
    </form>
  )
}
