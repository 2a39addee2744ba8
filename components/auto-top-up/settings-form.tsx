"use client"

import { Switch } from "@base-ui/react/switch"
import { useEffect, useRef, useState } from "react"
import type { Method, SettingsDialogData, Usage } from "@/components/auto-top-up/auto-top-up-types"
import { DryRunChart } from "@/components/auto-top-up/dry-run-chart"
import { Button } from "@/components/ui/button"
import { MoneyField } from "@/components/ui/money-field"
import { Notice } from "@/components/ui/notice"
import {
  THRESHOLD_ABOVE_AMOUNT,
  TOP_UP_DEFAULTS,
  TOP_UP_MAX_NANOS,
  TOP_UP_MIN_NANOS,
  thresholdSchema,
  topUpAmountSchema,
} from "@/lib/auto-top-up/schema"
import { formatUsd, toDecimalString } from "@/lib/money/usd"

type SettingsFormProps = {
  data: SettingsDialogData
  method: Method | null
  onAddMethod: () => void
  onCancel: () => void
  onSaved: (isOn: boolean) => void
}

type Problems = { threshold?: string; amount?: string; paymentMethod?: string; form?: string }

const UNANSWERED = "It couldn’t be saved. Check your connection, then try again."

export function SettingsForm({ data, method, onAddMethod, onCancel, onSaved }: SettingsFormProps) {
  const { settings, cap, poolId, actions } = data
  const [enabled, setEnabled] = useState(settings?.enabled ?? false)
  const [threshold, setThreshold] = useState(textOf(settings?.thresholdNanos) ?? TOP_UP_DEFAULTS.threshold)
  const [amount, setAmount] = useState(textOf(settings?.amountNanos) ?? TOP_UP_DEFAULTS.amount)
  const [problems, setProblems] = useState<Problems>({})
  const [saving, setSaving] = useState(false)
  const [usage, setUsage] = useState<Usage | null>(null)
  const thresholdInput = useRef<HTMLInputElement>(null)
  const amountInput = useRef<HTMLInputElement>(null)
  const { readUsage } = actions

  useEffect(() => {
    let isGone = false
    // Without it there is no dry run, and everything else works.
    readUsage({ poolId }).then(
      (result) => !isGone && result.ok && setUsage(result.value),
      () => undefined,
    )
    return () => {
      isGone = true
    }
  }, [poolId, readUsage])

  async function save() {
    const found = check({ threshold, amount, enabled, method })
    setProblems(found)
    if (found.threshold) return thresholdInput.current?.focus()
    if (found.amount) return amountInput.current?.focus()
    if (found.paymentMethod) return
    setSaving(true)
    const result = await actions
      .saveSettings({ poolId, version: settings?.version ?? 0, enabled, threshold, amount })
      .catch(() => null)
    setSaving(false)
    if (result?.ok) return onSaved(enabled)
    const message = result?.message ?? UNANSWERED
    const field = result?.field
    setProblems(
      field === "threshold" || field === "amount" || field === "paymentMethod"
        ? { [field]: message }
        : { form: message },
    )
  }

  return (
    <form
      className="flex flex-col gap-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      {/* biome-ignore lint/a11y/noLabelWithoutControl: Base UI's switch is the control. */}
      <label className="flex items-center justify-between gap-4">
        <span className="font-medium">Enable auto top up</span>
        <Switch.Root
          checked={enabled}
          className="flex h-6 w-11 shrink-0 items-center rounded-full border border-border-strong bg-sunken transition-colors duration-100 data-checked:border-accent data-checked:bg-accent"
          onCheckedChange={setEnabled}
        >
          <Switch.Thumb className="block size-4 translate-x-[0.1875rem] rounded-full bg-muted transition-transform duration-100 data-checked:translate-x-[1.4375rem] data-checked:bg-on-accent" />
        </Switch.Root>
      </label>
      {enabled && (
        <>
          <ChargedMethod method={method} onAdd={onAddMethod} problem={problems.paymentMethod} />
          <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2">
            <MoneyField
              error={problems.threshold ?? null}
              hint="From $0.00 to the purchase amount"
              id="top-up-threshold"
              inputRef={thresholdInput}
              label="When credits are below"
              name="threshold"
              onBlur={() => setProblems(check({ threshold, amount, enabled, method: null }))}
              onChange={(text) => {
                setThreshold(text)
                setProblems({})
              }}
              value={threshold}
            />
            <MoneyField
              error={problems.amount ?? null}
              hint={`From ${formatUsd(TOP_UP_MIN_NANOS)} to ${formatUsd(TOP_UP_MAX_NANOS)}`}
              id="top-up-amount"
              inputRef={amountInput}
              label="Purchase this amount"
              name="amount"
              onBlur={() => setProblems(check({ threshold, amount, enabled, method: null }))}
              onChange={(text) => {
                setAmount(text)
                setProblems({})
              }}
              value={amount}
            />
          </div>
          <DryRun amount={amount} capNanos={cap.capNanos} threshold={threshold} usage={usage} />
          <p className="text-caption text-muted">
            I allow Credits to charge this payment method when the balance is at or below the threshold,{" "}
            {cap.capNanos === null
              ? "without a monthly cap."
              : `up to the monthly cap of ${formatUsd(cap.capNanos)}.`}
          </p>
        </>
      )}
      {problems.form && (
        <Notice announce tone="danger">
          {problems.form}
        </Notice>
      )}
      <div className="flex justify-end gap-3 max-sm:flex-col-reverse">
        <Button onClick={onCancel}>Cancel</Button>
        <Button pending={saving} type="submit" variant="primary">
          Save
        </Button>
      </div>
    </form>
  )
}

function ChargedMethod(props: { method: Method | null; problem?: string | undefined; onAdd: () => void }) {
  const { method, problem, onAdd } = props
  return (
    <div>
      <div className="flex items-center justify-between gap-4 rounded-control bg-sunken px-4 py-3">
        <p className="min-w-0">
          <span className="block text-caption text-muted">Default payment method</span>
          {method ? (
            <>
              <span aria-hidden="true" className="font-medium wrap-anywhere tabular-nums">
                {method.name}
              </span>
              <span className="sr-only">{method.spokenName}</span>
              {method.expires && (
                <span className={method.expires.isExpired ? "text-danger" : "text-muted"}>
                  , {method.expires.isExpired ? "expired" : "expires"} {method.expires.on}
                </span>
              )}
            </>
          ) : (
            <span className="font-medium">None yet</span>
          )}
        </p>
        <Button onClick={onAdd} size="small">
          {method ? "Change" : "Add payment method"}
        </Button>
      </div>
      {problem && (
        <p className="mt-2 text-caption text-danger" role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}

function DryRun(props: { usage: Usage | null; threshold: string; amount: string; capNanos: bigint | null }) {
  const { usage, threshold, amount, capNanos } = props
  const [thresholdNanos, amountNanos] = [
    thresholdSchema.safeParse(threshold),
    topUpAmountSchema.safeParse(amount),
  ]
  const isSensible = thresholdNanos.success && amountNanos.success && thresholdNanos.data <= amountNanos.data
  if (!usage || !isSensible) return <div aria-hidden="true" className="h-32 rounded-control bg-sunken" />
  return (
    <DryRunChart
      amountNanos={amountNanos.data}
      capNanos={capNanos}
      thresholdNanos={thresholdNanos.data}
      usage={usage}
    />
  )
}

function check(typed: {
  threshold: string
  amount: string
  enabled: boolean
  method: Method | null
}): Problems {
  const threshold = thresholdSchema.safeParse(typed.threshold)
  const amount = topUpAmountSchema.safeParse(typed.amount)
  const problems: Problems = {}
  if (!threshold.success) problems.threshold = threshold.error.issues[0]?.message ?? ""
  if (!amount.success) problems.amount = amount.error.issues[0]?.message ?? ""
  if (threshold.success && amount.success && threshold.data > amount.data)
    problems.threshold = THRESHOLD_ABOVE_AMOUNT
  return problems
}

const textOf = (nanos: bigint | undefined) => (nanos === undefined ? null : toDecimalString(nanos))
