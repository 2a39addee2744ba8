"use client"

import { Switch } from "@base-ui/react/switch"
import { type RefObject, useEffect, useState } from "react"
import type { Method, SettingsDialogData } from "@/components/auto-top-up/auto-top-up-types"
import { CapField } from "@/components/auto-top-up/cap-field"
import { ChargedMethod } from "@/components/auto-top-up/charged-method"
import { isAmountAboveCap, missingInWords, type Typed } from "@/components/auto-top-up/check-settings"
import { DryRunChart } from "@/components/auto-top-up/dry-run-chart"
import type { useSettingsForm } from "@/components/auto-top-up/use-settings-form"
import { Button } from "@/components/ui/button"
import { MoneyField } from "@/components/ui/money-field"
import { Notice } from "@/components/ui/notice"
import type { SaveForm } from "@/lib/auto-top-up/decide-save"
import { TOP_UP_MAX_NANOS, TOP_UP_MIN_NANOS } from "@/lib/auto-top-up/schema"
import type { UsageForDryRun } from "@/lib/auto-top-up/simulate"
import { formatUsd } from "@/lib/money/usd"

type SettingsFormProps = {
  data: SettingsDialogData
  method: Method | null
  settings: ReturnType<typeof useSettingsForm>
  switchRef: RefObject<HTMLElement | null>
  committedNanos: bigint
  /** Whether the cap can be changed while auto top-up is off. */
  showsCap: boolean
  onChangeMethod: () => void
  onCancel: () => void
}

export function SettingsForm(props: SettingsFormProps) {
  const { data, method, switchRef, committedNanos, showsCap, onChangeMethod, onCancel } = props
  const { typed, change, problems, check, inputs, form, words, saving, save, hasChanged } = props.settings
  const usage = useUsage(data)
  const isAboveCap = isAmountAboveCap(typed)
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
        <span className="font-medium">Enable auto top-up</span>
        <Switch.Root
          checked={typed.enabled}
          className="flex h-6 w-11 shrink-0 items-center rounded-full border border-border-strong bg-sunken transition-colors duration-100 data-checked:border-accent data-checked:bg-accent"
          onCheckedChange={(enabled) => change({ enabled })}
          ref={switchRef}
        >
          <Switch.Thumb className="block size-4 translate-x-[0.1875rem] rounded-full bg-muted transition-transform duration-100 data-checked:translate-x-[1.4375rem] data-checked:bg-on-accent" />
        </Switch.Root>
      </label>
      {typed.enabled && (
        <>
          <ChargedMethod method={method} onChange={onChangeMethod} problem={problems.paymentMethod} />
          <div className="grid gap-x-4 gap-y-5 sm:grid-cols-2">
            <MoneyField
              error={problems.threshold ?? null}
              hint="From $0.00 to the purchase amount"
              id="top-up-threshold"
              inputRef={inputs.threshold}
              label="When credits are below"
              name="threshold"
              onBlur={check}
              onChange={(threshold) => change({ threshold })}
              value={typed.threshold}
            />
            <div className="flex flex-col gap-2">
              <MoneyField
                error={problems.amount ?? null}
                hint={`From ${formatUsd(TOP_UP_MIN_NANOS)} to ${formatUsd(TOP_UP_MAX_NANOS)}`}
                id="top-up-amount"
                inputRef={inputs.amount}
                label="Purchase this amount"
                name="amount"
                onBlur={check}
                onChange={(amount) => change({ amount })}
                value={typed.amount}
              />
              {problems.amount && isAboveCap && (
                <Button
                  className="self-start"
                  onClick={() => {
                    change({ cap: typed.amount })
                    inputs.cap.current?.focus()
                  }}
                  size="small"
                >
                  Raise the cap
                </Button>
              )}
            </div>
          </div>
        </>
      )}
      {(typed.enabled || showsCap) && (
        <CapField
          capNanos={form?.capNanos}
          committedNanos={committedNanos}
          inputRef={inputs.cap}
          onBlur={check}
          onChange={change}
          problem={problems.cap}
          typed={typed}
        />
      )}
      {typed.enabled && <DryRun form={form} typed={typed} usage={usage} />}
      {typed.enabled && <Consent form={form} />}
      {hasChanged && (
        <Notice announce tone="warning" title="Nothing was saved or charged">
          The amount that saving charges has changed since you opened this. Check it before you save.
        </Notice>
      )}
      <div aria-live="polite" className="empty:hidden">
        {words && <Notice tone={words.tone}>{words.text}</Notice>}
      </div>
      {problems.form && (
        <Notice announce tone="danger">
          {problems.form}
        </Notice>
      )}
      <div className="flex justify-end gap-3 max-sm:flex-col-reverse">
        <Button onClick={onCancel}>Cancel</Button>
        <Button pending={saving} type="submit" variant="primary">
          {words?.button ?? "Save"}
        </Button>
      </div>
    </form>
  )
}

/**
 * Null while the usage is being read. Undefined when it can't be: there is no dry run then, and everything else
 * works.
 */
function useUsage({ poolId, actions: { readUsage } }: SettingsDialogData): UsageForDryRun | null | undefined {
  const [usage, setUsage] = useState<UsageForDryRun | null | undefined>(null)
  useEffect(() => {
    let isGone = false
    readUsage({ poolId })
      .catch(() => null)
      .then((result) => !isGone && setUsage(result?.ok ? result.value : undefined))
    return () => {
      isGone = true
    }
  }, [poolId, readUsage])
  return usage
}

type DryRunProps = { form: SaveForm | null; typed: Typed; usage: UsageForDryRun | null | undefined }

function DryRun({ form, typed, usage }: DryRunProps) {
  if (usage === undefined) return null
  if (!form)
    return (
      <p className="flex min-h-56 items-center justify-center rounded-control bg-sunken px-4 py-3 text-center text-caption text-balance text-muted">
        {missingInWords(typed)}
      </p>
    )
  if (!usage) return <div aria-hidden="true" className="h-56 rounded-control bg-sunken" />
  const { thresholdNanos, amountNanos, capNanos } = form
  return (
    <DryRunChart
      amountNanos={amountNanos}
      capNanos={capNanos}
      thresholdNanos={thresholdNanos}
      usage={usage}
    />
  )
}

function Consent({ form }: { form: SaveForm | null }) {
  return (
    <p className="text-caption text-muted">
      I allow Credits to charge this payment method when the balance is at or below the threshold
      {form === null
        ? "."
        : form.capNanos === null
          ? ", without a monthly cap."
          : `, up to the monthly cap of ${formatUsd(form.capNanos)}.`}
    </p>
  )
}
