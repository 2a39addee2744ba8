"use client"

import type { RefObject } from "react"
import { Button } from "@/components/ui/button"
import { classNames } from "@/components/ui/class-names"
import { MoneyField } from "@/components/ui/money-field"
import { Notice } from "@/components/ui/notice"
import { formatBalance, formatUsd, parseUsd } from "@/lib/money/usd"
import { PURCHASE_MAX_NANOS, PURCHASE_MIN_NANOS, PURCHASE_PRESETS } from "@/lib/purchases/schema"

type PurchaseAmountFormProps = {
  amount: string
  amountError: string | null
  problem: string | null
  starting: boolean
  balanceNanos: bigint
  inputRef: RefObject<HTMLInputElement | null>
  onAmountChange: (amount: string) => void
  onAmountBlur: () => void
  onCancel: () => void
  onSubmit: () => void
}

export function PurchaseAmountForm(props: PurchaseAmountFormProps) {
  const { amount, amountError, problem, starting, balanceNanos, inputRef } = props
  const { onAmountChange, onAmountBlur, onCancel, onSubmit } = props
  const nanos = amountInRange(amount)
  return (
    <form
      className="flex flex-col gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      <MoneyField
        error={amountError}
        hint={`From ${formatUsd(PURCHASE_MIN_NANOS)} to ${formatUsd(PURCHASE_MAX_NANOS)}`}
        id="purchase-amount"
        inputRef={inputRef}
        label="Amount in USD"
        name="amount"
        onBlur={onAmountBlur}
        onChange={onAmountChange}
        value={amount}
      />
      <Presets amount={amount} onChoose={onAmountChange} />
      <dl className="flex items-baseline justify-between gap-4 rounded-control bg-sunken px-4 py-3">
        <dt className="text-muted">New balance</dt>
        <dd className="font-semibold whitespace-nowrap tabular-nums">
          {nanos === null ? "–" : formatBalance(balanceNanos + nanos)}
        </dd>
      </dl>
      <p className="text-caption text-muted">
        Credits never expire. Not refundable except where required by law.
      </p>
      {problem && (
        <Notice announce tone="danger">
          {problem}
        </Notice>
      )}
      <div className="flex justify-end gap-3 max-sm:flex-col-reverse">
        <Button onClick={onCancel}>Cancel</Button>
        <Button pending={starting} type="submit" variant="primary">
          {nanos === null ? "Purchase" : `Purchase ${formatUsd(nanos)}`}
        </Button>
      </div>
    </form>
  )
}

function Presets({ amount, onChoose }: { amount: string; onChoose: (amount: string) => void }) {
  const current = amountInRange(amount)
  return (
    <fieldset className="grid grid-cols-5 gap-2">
      <legend className="sr-only">Common amounts</legend>
      {PURCHASE_PRESETS.map((preset) => {
        const pressed = current !== null && current === amountInRange(preset)
        return (
          <button
            aria-pressed={pressed}
            className={classNames(
              "h-11 rounded-control border font-medium tabular-nums transition-colors duration-100 sm:h-10",
              pressed ? "border-accent bg-accent-soft text-accent" : "border-border hover:bg-sunken",
            )}
            key={preset}
            onClick={() => onChoose(preset)}
            type="button"
          >
            ${preset}
          </button>
        )
      })}
    </fieldset>
  )
}

function amountInRange(text: string): bigint | null {
  const parsed = parseUsd(text)
  if (!parsed.ok || parsed.nanos < PURCHASE_MIN_NANOS || parsed.nanos > PURCHASE_MAX_NANOS) return null
  return parsed.nanos
}
