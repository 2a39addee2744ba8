import type { ComponentProps, ReactNode } from "react"
import { classNames } from "./class-names"
import { Icon } from "./icon"

export const CONTROL_STYLES =
  "w-full rounded-control border border-border-strong bg-surface text-text transition-colors duration-100 placeholder:text-muted aria-invalid:border-danger disabled:opacity-55"

type ControlProps = { id: string; "aria-describedby": string | undefined; "aria-invalid": true | undefined }

type FieldProps = {
  id: string
  label: string
  hint?: string
  error?: string | null
  /** Keeps a line free for the message, so that nothing below moves when it appears. */
  reserveMessage?: boolean
  children: (control: ControlProps) => ReactNode
}

/** Ties a label, a hint and an error to one control. The error replaces the hint. */
export function Field({ id, label, hint, error, reserveMessage = false, children }: FieldProps) {
  const messageId = `${id}-message`
  const hasMessage = Boolean(error || hint)
  return (
    <div className="flex flex-col gap-2">
      <label className="text-caption font-medium" htmlFor={id}>
        {label}
      </label>
      {children({
        id,
        "aria-describedby": hasMessage ? messageId : undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {(hasMessage || reserveMessage) && (
        <p
          aria-live="polite"
          className={classNames(
            "flex min-h-5 items-start gap-1.5 text-caption",
            error ? "text-danger" : "text-muted",
          )}
          id={messageId}
        >
          {error && <Icon className="mt-0.5" name="alert" />}
          <span>{error ?? hint}</span>
        </p>
      )}
    </div>
  )
}

/** 16 px on a phone: below that, iOS zooms the page when the field gets the focus. */
export function TextInput({ className, ...rest }: Omit<ComponentProps<"input">, "style">) {
  return (
    <input
      {...rest}
      className={classNames(CONTROL_STYLES, "h-11 px-3 text-[1rem] sm:h-10 sm:text-body", className)}
    />
  )
}
