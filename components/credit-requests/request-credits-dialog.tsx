"use client"

import { useRouter } from "next/navigation"
import { type RefObject, useRef, useState } from "react"
import { flushSync } from "react-dom"
import type { OwnRequestActions, OwnRequestEntry } from "@/components/credit-requests/credit-request-types"
import { Button } from "@/components/ui/button"
import { Dialog } from "@/components/ui/dialog"
import { Field, TextInput } from "@/components/ui/field"
import { FormEnd } from "@/components/ui/form-end"
import { MoneyField } from "@/components/ui/money-field"
import { problemOf } from "@/components/ui/problems"
import { showToast } from "@/components/ui/show-toast"
import { useAction } from "@/components/ui/use-action"
import { REQUEST_DEFAULT_AMOUNT, reasonSchema, requestAmountSchema } from "@/lib/credit-requests/schema"
import { formatUsd, toDecimalString } from "@/lib/money/usd"

export type RequestCreditsDialogProps = {
  known: OwnRequestEntry | undefined
  requestCredits: OwnRequestActions["requestCredits"]
  open: boolean
  onClose: () => void
  buttonRef: RefObject<HTMLButtonElement | null>
}

type Errors = { amount?: string; reason?: string }

const UNREACHABLE =
  "No answer came, so your request may have been sent. Close this and look at the page before you try again."

/** Mount it with a new key for each opening. */
export function RequestCreditsDialog(props: RequestCreditsDialogProps) {
  const { known, requestCredits, open, onClose, buttonRef } = props
  const router = useRouter()
  const amountInput = useRef<HTMLInputElement>(null)
  const reasonInput = useRef<HTMLInputElement>(null)
  const [amount, setAmount] = useState(known ? toDecimalString(known.amountNanos) : REQUEST_DEFAULT_AMOUNT)
  const [reason, setReason] = useState(known?.reason ?? "")
  const [errors, setErrors] = useState<Errors>({})
  const { pending, refusal, call } = useAction(requestCredits, { unreachable: UNREACHABLE })

  async function submit() {
    const [wanted, why] = [requestAmountSchema.safeParse(amount), reasonSchema.safeParse(reason)]
    if (!wanted.success || !why.success) {
      setErrors({
        ...(wanted.success ? {} : { amount: problemOf(wanted.error) }),
        ...(why.success ? {} : { reason: problemOf(why.error) }),
      })
      return (wanted.success ? reasonInput : amountInput).current?.focus()
    }
    setErrors({})
    const result = await call({ amount, reason, changes: known?.id ?? null })
    // The page shows what there is by now.
    if (!result?.ok) return router.refresh()
    flushSync(onClose)
    const words = known ? "You now ask for" : "You asked for"
    showToast({ tone: "done", title: `${words} ${formatUsd(wanted.data)}.` })
    router.refresh()
  }

  return (
    <Dialog
      address="request-credits"
      description="Owners and Admins can approve it. You get a notification."
      // The button disappears with the page's former state.
      finalFocus={() => buttonRef.current ?? document.getElementById("main")}
      initialFocus={amountInput}
      onOpenChange={(nextOpen) => {
        // The person who asked learns the outcome.
        if (!nextOpen && !pending) onClose()
      }}
      open={open}
      title={known ? "Change your request" : "Request credits"}
    >
      <form
        className="flex flex-col gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <MoneyField
          error={errors.amount ?? null}
          id="request-amount"
          inputRef={amountInput}
          label="Amount (USD)"
          name="amount"
          onChange={(text) => {
            setAmount(text)
            setErrors(({ amount: _, ...rest }) => rest)
          }}
          value={amount}
        />
        <Field error={errors.reason ?? null} id="request-reason" label="What for">
          {(control) => (
            <TextInput
              {...control}
              autoComplete="off"
              name="reason"
              onChange={(event) => {
                setReason(event.target.value)
                setErrors(({ reason: _, ...rest }) => rest)
              }}
              ref={reasonInput}
              value={reason}
            />
          )}
        </Field>
        <FormEnd onCancel={onClose} pending={pending} problem={refusal?.message}>
          <Button pending={pending} type="submit" variant="primary">
            {known ? "Change request" : "Send request"}
          </Button>
        </FormEnd>
      </form>
    </Dialog>
  )
}
