"use client"

import { useRouter } from "next/navigation"
import { type RefObject, useRef, useState } from "react"
import { flushSync } from "react-dom"
import type { MoveCredits, MoveSource, MoveTarget } from "@/components/credit-requests/credit-request-types"
import { Button } from "@/components/ui/button"
import { Dialog } from "@/components/ui/dialog"
import { Field, TextInput } from "@/components/ui/field"
import { FormEnd } from "@/components/ui/form-end"
import { MoneyField } from "@/components/ui/money-field"
import { problemOf } from "@/components/ui/problems"
import { Select } from "@/components/ui/select"
import { showToast } from "@/components/ui/show-toast"
import { useAction } from "@/components/ui/use-action"
import { movedAmountSchema } from "@/lib/credit-requests/schema"
import { formatBalance, formatUsd } from "@/lib/money/usd"

export type MoveCreditsDialogProps = {
  from: MoveSource
  targets: MoveTarget[] | null
  moveCredits: MoveCredits
  open: boolean
  onClose: () => void
  buttonRef: RefObject<HTMLButtonElement | null>
}

type Errors = { to?: string; amount?: string }

const UNREACHABLE =
  "No answer came, so the credits may have been moved. Pressing the button again moves them once."

/** Mount it with a new key for each opening. */
export function MoveCreditsDialog(props: MoveCreditsDialogProps) {
  const { from, targets, moveCredits, open, onClose, buttonRef } = props
  const router = useRouter()
  const amountInput = useRef<HTMLInputElement>(null)
  const emailInput = useRef<HTMLInputElement>(null)
  // Each set of values is an intention of its own.
  const [requestKey, setRequestKey] = useState(() => crypto.randomUUID())
  const [targetId, setTargetId] = useState(targets?.[0]?.id ?? "")
  const [email, setEmail] = useState("")
  const [amount, setAmount] = useState("")
  const [errors, setErrors] = useState<Errors>({})
  const { pending, refusal, call } = useAction(moveCredits, { unreachable: UNREACHABLE })
  const target = targets?.find(({ id }) => id === targetId) ?? null
  const parsed = movedAmountSchema.safeParse(amount)
  const isInField = refusal?.field === "to" || refusal?.field === "amount"

  function change(setValue: (text: string) => void, field: keyof Errors) {
    return (text: string) => {
      setValue(text)
      setRequestKey(crypto.randomUUID())
      setErrors(({ [field]: _, ...rest }) => rest)
    }
  }

  function fail(found: Errors) {
    setErrors(found)
    if (found.to && !targets) emailInput.current?.focus()
    else amountInput.current?.focus()
  }

  async function submit() {
    if (!targets && email.trim() === "") return fail({ to: "Enter a member’s email address." })
    if (!parsed.success) return fail({ amount: problemOf(parsed.error) })
    setErrors({})
    const to = target ? { kind: "pool" as const, poolId: target.id } : { kind: "email" as const, email }
    const result = await call({ fromPoolId: from.id, to, amount, requestKey })
    if (!result) return
    if (result.ok) {
      flushSync(onClose)
      const whose = target ? poolOf(target.name) : `the pool of ${email.trim()}`
      showToast({ tone: "done", title: `${formatUsd(parsed.data)} moved to ${whose}.` })
      return router.refresh()
    }
    const { field, message } = result
    if (field === "to" || field === "amount") fail({ [field]: message })
  }

  return (
    <Dialog
      address="move-credits"
      description={`From ${poolOf(from.name)}, which has ${formatBalance(from.movableNanos)} of bought credits to move`}
      finalFocus={buttonRef}
      initialFocus={targets ? amountInput : emailInput}
      onOpenChange={(nextOpen) => {
        // The person who asked learns the outcome.
        if (!nextOpen && !pending) onClose()
      }}
      open={open}
      title="Move credits"
    >
      <form
        className="flex flex-col gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <Field
          error={errors.to ?? null}
          id="move-to"
          label={targets ? "To the pool of" : "To the member with the email"}
        >
          {(control) =>
            targets ? (
              <Select
                {...control}
                name="to"
                onChange={(event) => change(setTargetId, "to")(event.target.value)}
                value={targetId}
              >
                {targets.map(({ id, name, balanceNanos }) => (
                  <option key={id} value={id}>
                    {name} ({formatBalance(balanceNanos)})
                  </option>
                ))}
              </Select>
            ) : (
              <TextInput
                {...control}
                autoComplete="off"
                inputMode="email"
                name="to"
                onChange={(event) => change(setEmail, "to")(event.target.value)}
                ref={emailInput}
                spellCheck={false}
                value={email}
              />
            )
          }
        </Field>
        <MoneyField
          error={errors.amount ?? null}
          id="move-amount"
          inputRef={amountInput}
          label="Amount (USD)"
          name="amount"
          onChange={change(setAmount, "amount")}
          value={amount}
        />
        {parsed.success && parsed.data <= from.movableNanos && (
          <dl className="flex flex-col gap-1 rounded-control bg-sunken px-4 py-3 text-caption">
            <After balanceNanos={from.balanceNanos - parsed.data} name={from.name} />
            {target && <After balanceNanos={target.balanceNanos + parsed.data} name={target.name} />}
          </dl>
        )}
        <FormEnd onCancel={onClose} pending={pending} problem={isInField ? null : refusal?.message}>
          <Button pending={pending} type="submit" variant="primary">
            Move credits
          </Button>
        </FormEnd>
      </form>
    </Dialog>
  )
}

function After({ name, balanceNanos }: { name: string; balanceNanos: bigint }) {
  return (
    <div className="flex justify-between gap-4">
      <dt className="min-w-0 text-muted wrap-anywhere">{name} then has</dt>
      <dd className="shrink-0 font-medium tabular-nums">{formatBalance(balanceNanos)}</dd>
    </div>
  )
}

const poolOf = (name: string) => (name === "Team" ? "the team’s pool" : `${name}’s pool`)
