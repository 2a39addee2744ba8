"use client"

import { useRouter } from "next/navigation"
import { type ComponentProps, useState } from "react"
import { Button } from "./button"
import { classNames } from "./class-names"
import { Field, TextInput } from "./field"
import { showToast } from "./show-toast"
import { type Refusal, useAction } from "./use-action"

type OneFieldFormProps = Pick<ComponentProps<"input">, "autoComplete" | "type" | "inputMode"> & {
  id: string
  name: string
  label: string
  hint?: string
  /** Stands in the field before the value. */
  prefix?: string
  value: string
  /** Returns the value to send, or the sentence why not. */
  check: (text: string) => { ok: true; value: string } | { ok: false; message: string }
  save: (value: string) => Promise<{ ok: true; value: unknown } | Refusal>
  saveLabel: string
  /** The toast's words when it is done. */
  done: string
  unreachable: string
  onPendingChange?: (pending: boolean) => void
  onSaved?: () => void
}

/** A single value with its own button, then refreshes the page. */
export function OneFieldForm(props: OneFieldFormProps) {
  const { id, name, label, hint, prefix, value: saved, check, save, saveLabel, done, unreachable } = props
  const { onPendingChange, onSaved, ...input } = props
  const { autoComplete, type, inputMode } = input
  const router = useRouter()
  const [text, setText] = useState(saved)
  const [error, setError] = useState<string | null>(null)
  const { pending, call } = useAction(save, { unreachable, ...(onPendingChange ? { onPendingChange } : {}) })

  async function submit() {
    const checked = check(text)
    if (!checked.ok) return setError(checked.message)
    setError(null)
    const result = await call(checked.value)
    if (!result) return
    if (!result.ok) return setError(result.message)
    onSaved?.()
    showToast({ tone: "done", title: done })
    router.refresh()
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Field error={error} id={id} label={label} {...(hint ? { hint } : {})}>
        {(control) => (
          <span className="flex gap-3">
            <span className="flex min-w-0 flex-1 items-center">
              {prefix && (
                <span
                  aria-hidden="true"
                  className="flex h-11 max-w-[45%] shrink-0 items-center rounded-l-control border border-r-0 border-border-strong bg-sunken px-3 text-muted sm:h-10"
                >
                  <span className="truncate">{prefix}</span>
                </span>
              )}
              <TextInput
                {...control}
                autoComplete={autoComplete ?? "off"}
                className={classNames("min-w-0 flex-1", prefix && "rounded-l-none!")}
                inputMode={inputMode}
                name={name}
                onChange={(event) => {
                  setText(event.target.value)
                  setError(null)
                }}
                type={type ?? "text"}
                value={text}
              />
            </span>
            <Button className="shrink-0" pending={pending} type="submit">
              {saveLabel}
            </Button>
          </span>
        )}
      </Field>
    </form>
  )
}
