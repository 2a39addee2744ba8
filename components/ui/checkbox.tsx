"use client"

import type { ComponentProps, ReactNode, Ref } from "react"
import { classNames } from "./class-names"
import { Icon } from "./icon"

type CheckboxProps = {
  id: string
  label: string
  detail: string
  checked: boolean
  invalid?: boolean
  inputRef?: Ref<HTMLInputElement>
  onChange: (checked: boolean) => void
}

/** One of several in a `CheckboxGroup`. The whole row can be pressed. */
export function Checkbox({ id, label, detail, checked, invalid = false, inputRef, onChange }: CheckboxProps) {
  const detailId = `${id}-detail`
  return (
    <div className="relative flex items-start gap-3 px-4 py-3 transition-colors duration-100 hover:bg-sunken">
      <CheckboxBox
        aria-describedby={detailId}
        aria-invalid={invalid || undefined}
        checked={checked}
        className="z-10 translate-y-0.5"
        id={id}
        onChange={(event) => onChange(event.target.checked)}
        ref={inputRef}
      />
      <span className="min-w-0">
        {/* Extends over the row, so that a finger needn't hit the box. */}
        <label className="block font-medium after:absolute after:inset-0" htmlFor={id}>
          {label}
        </label>
        <span className="block text-caption text-muted" id={detailId}>
          {detail}
        </span>
      </span>
    </div>
  )
}

/** The box alone, for a caller that has its own label around it. */
export function CheckboxBox({ className, ...input }: Omit<ComponentProps<"input">, "type">) {
  return (
    <span className={classNames("relative grid size-5 shrink-0 place-items-center", className)}>
      <input
        {...input}
        className="peer col-start-1 row-start-1 size-5 appearance-none rounded-md border border-border-strong bg-surface checked:border-accent checked:bg-accent aria-invalid:border-danger"
        type="checkbox"
      />
      <Icon
        className="pointer-events-none col-start-1 row-start-1 text-on-accent opacity-0 peer-checked:opacity-100"
        name="check"
      />
    </span>
  )
}

type CheckboxGroupProps = {
  id: string
  legend: string
  error?: string | null | undefined
  children: ReactNode
}

export function CheckboxGroup({ id, legend, error, children }: CheckboxGroupProps) {
  const messageId = `${id}-message`
  return (
    <fieldset aria-describedby={error ? messageId : undefined} className="min-w-0">
      <legend className="mb-2 text-caption font-medium">{legend}</legend>
      <div className="divide-y divide-border overflow-hidden rounded-control border border-border">
        {children}
      </div>
      <p
        aria-live="polite"
        className={error ? "mt-2 flex items-start gap-1.5 text-caption text-danger" : undefined}
        id={messageId}
      >
        {error && <Icon className="mt-0.5" name="alert" />}
        {error}
      </p>
    </fieldset>
  )
}
