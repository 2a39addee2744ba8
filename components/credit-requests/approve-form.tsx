"use client"

import { type RefObject, useState } from "react"
import type {
  AnswerActions,
  Giver,
  OpenRequestEntry,
} from "@/components/credit-requests/credit-request-types"
import { Button } from "@/components/ui/button"
import { buttonStyles } from "@/components/ui/button-styles"
import { FormEnd } from "@/components/ui/form-end"
import { MoneyField } from "@/components/ui/money-field"
import { Notice } from "@/components/ui/notice"
import { problemOf } from "@/components/ui/problems"
import { useAction } from "@/components/ui/use-action"
import { movedAmountSchema } from "@/lib/credit-requests/schema"
import { formatBalance, NANOS_PER_CENT, toDecimalString } from "@/lib/money/usd"

type ApproveFormProps = {
  request: OpenRequestEntry
  giver: Giver
  approveRequest: AnswerActions["approveRequest"]
  inputRef: RefObject<HTMLInputElement | null>
  onCancel: () => void
  onApproved: (nanos: bigint) => void
  onPendingChange: (pending: boolean) => void
}

const UNREACHABLE =
  "No answer came, so the credits may have been moved. Approving the same amount again moves them once."

export function ApproveForm(props: ApproveFormProps) {
  const { request, giver, approveRequest, inputRef, onCancel, onApproved, onPendingChange } = props
  const [amount, setAmount] = useState(toDecimalString(request.amountNanos))
  const [error, setError] = useState<string | null>(null)
  const { pending, refusal, call } = useAction(approveRequest, { unreachable: UNREACHABLE, onPendingChange })
  const parsed = movedAmountSchema.safeParse(amount)
  const isTooMuch = parsed.success && parsed.data > giver.movableNanos

  function fail(message: string) {
    setError(message)
    inputRef.current?.focus()
  }

  async function submit() {
    if (!parsed.success) return fail(problemOf(parsed.error))
    setError(null)
    const result = await call({ requestId: request.id, amount })
    if (!result) return
    if (result.ok) return onApproved(parsed.data)
    if (result.field === "amount") fail(result.message)
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
      <MoneyField
        error={error}
        {...(parsed.success && !isTooMuch
          ? {
              hint: `Leaves ${formatBalance(giver.movableNanos - parsed.data)} of bought credits in your own pool.`,
            }
          : {})}
        id="approve-amount"
        inputRef={inputRef}
        label="Amount to move from your pool (USD)"
        name="amount"
        onChange={(text) => {
          setAmount(text)
          setError(null)
        }}
        value={amount}
      />
      {isTooMuch && (
        <Notice
          action={
            // A whole new page: only that opens the dialog in its address, and this one lies over the same page.
            <a className={buttonStyles("secondary", "small")} href={giver.purchaseHref}>
              Buy credits first
            </a>
          }
          tone="warning"
        >
          {giver.movableNanos < NANOS_PER_CENT
            ? "Your pool has no bought credits to give."
            : `Your pool has ${formatBalance(giver.movableNanos)} of bought credits to give. Approve less, or buy credits first.`}
        </Notice>
      )}
      <FormEnd
        onCancel={onCancel}
        pending={pending}
        problem={refusal?.field === "amount" ? null : refusal?.message}
      >
        <Button disabled={isTooMuch} pending={pending} type="submit" variant="primary">
          Approve
        </Button>
      </FormEnd>
    </form>
  )
}
