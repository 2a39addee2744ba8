"use client"

import type { Ref } from "react"
import { parseUsd } from "@/lib/money/usd"
import { classNames } from "./class-names"
import { CONTROL_STYLES, Field } from "./field"

type MoneyFieldProps = {
  id: string
  name: string
  label: string
  value: string
  hint?: string
  error?: string | null
  inputRef?: Ref<HTMLInputElement>
  onChange: (value: string) => void
  onBlur?: () => void
}

/** A dollar amount as text: a number input would accept `1e3` and change the amount under a scrolling hand. */
export function MoneyField({
  id,
  name,
  label,
  value,
  hint,
  error,
  inputRef,
  onChange,
  onBlur,
}: MoneyFieldProps) {
  return (
    <Field error={error} hint={hint} id={id} label={label} reserveMessage>
      {(control) => (
        <span className="relative block">
          <span
            aria-hidden="true"
            className="pointer-events-none absolute inset-y-0 left-4 flex items-center text-title text-muted"
          >
            $
          </span>
          <input
            {...control}
            autoComplete="off"
            className={classNames(CONTROL_STYLES, "h-14 pr-4 pl-9 text-title font-medium tabular-nums")}
            enterKeyHint="done"
            inputMode="decimal"
            name={name}
            onBlur={() => {
              const tidy = withoutSign(value)
              if (tidy !== value) onChange(tidy)
              onBlur?.()
            }}
            onChange={(event) => onChange(event.target.value)}
            ref={inputRef}
            spellCheck={false}
            type="text"
            value={value}
          />
        </span>
      )}
    </Field>
  )
}

/** Drops the sign that already stands beside the field. Text that isn't an amount stays as typed. */
function withoutSign(text: string): string {
  return parseUsd(text).ok ? text.replace(/[$\s]/g, "") : text
}
