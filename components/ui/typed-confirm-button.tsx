"use client"

import { type ReactNode, useRef, useState } from "react"
import { Button } from "./button"
import { Dialog } from "./dialog"
import { Field, TextInput } from "./field"
import { FormEnd } from "./form-end"
import { type Refusal, useAction } from "./use-action"

type TypedConfirmButtonProps = {
  /** The label of the button in the page. */
  label: string
  disabled?: boolean
  title: string
  /** Explains the consequences. */
  children: ReactNode
  /** Says what to type. */
  fieldLabel: string
  /** The text that confirms. */
  expected: string
  confirmLabel: string
  confirm: (typed: string) => Promise<{ ok: true; value: unknown } | Refusal>
  /** Shown when no answer came: it may or may not have happened. */
  unreachable: string
  /** The page to go to when it is done, loaded anew. */
  nextHref: string
}

/** Asks to type something before the largest of deeds. */
export function TypedConfirmButton(props: TypedConfirmButtonProps) {
  const { label, disabled = false, title, children, fieldLabel, expected, confirmLabel, unreachable } = props
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  const [typed, setTyped] = useState("")
  const [error, setError] = useState<string | null>(null)
  const { pending, refusal, call, forgetRefusal } = useAction(props.confirm, { unreachable })

  async function submit() {
    if (typed.trim().toLowerCase() !== expected.toLowerCase())
      return setError(`Type “${expected}” to confirm.`)
    const result = await call(typed)
    if (result?.ok) location.assign(props.nextHref)
  }

  return (
    <>
      <Button
        aria-haspopup="dialog"
        disabled={disabled}
        onClick={() => {
          setTyped("")
          setError(null)
          forgetRefusal()
          setIsOpen(true)
        }}
        ref={button}
        variant="danger"
      >
        {label}
      </Button>
      <Dialog
        finalFocus={button}
        onOpenChange={(open) => !open && !pending && setIsOpen(false)}
        open={isOpen}
        title={title}
      >
        <form
          className="flex flex-col gap-4"
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            void submit()
          }}
        >
          {children}
          <Field error={error} id="typed-confirmation" label={fieldLabel}>
            {(control) => (
              <TextInput
                {...control}
                autoComplete="off"
                name="typed"
                onChange={(event) => {
                  setTyped(event.target.value)
                  setError(null)
                }}
                spellCheck={false}
                value={typed}
              />
            )}
          </Field>
          <FormEnd onCancel={() => setIsOpen(false)} pending={pending} problem={refusal?.message}>
            <Button pending={pending} type="submit" variant="danger">
              {confirmLabel}
            </Button>
          </FormEnd>
        </form>
      </Dialog>
    </>
  )
}
