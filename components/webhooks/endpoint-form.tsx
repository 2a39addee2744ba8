"use client"

import { type RefObject, useRef, useState } from "react"
import { Button } from "@/components/ui/button"
import { Checkbox, CheckboxGroup } from "@/components/ui/checkbox"
import { Field, TextInput } from "@/components/ui/field"
import { FormEnd } from "@/components/ui/form-end"
import { useAction } from "@/components/ui/use-action"
import { NOTIFICATION_TYPES, NOTIFICATIONS, type NotificationType } from "@/lib/notifications/types"
import type { ActionResult } from "@/lib/web/action-result"

export type EndpointInput = { url: string; types: NotificationType[] }

type EndpointFormProps<T> = {
  /** Null where the URL can't be changed, only the choice of events. */
  urlInputRef: RefObject<HTMLInputElement | null> | null
  types: NotificationType[]
  submitLabel: string
  submit: (input: EndpointInput) => Promise<ActionResult<T>>
  onDone: (value: T) => void
  onPendingChange?: (pending: boolean) => void
  onCancel: () => void
}

type Errors = { url?: string; types?: string; other?: string }

const UNREACHABLE = "No answer came, so it may have been saved. Close this and check before you try again."

export function EndpointForm<T>(props: EndpointFormProps<T>) {
  const { urlInputRef, submitLabel, submit, onDone, onPendingChange, onCancel } = props
  const [url, setUrl] = useState("")
  const [types, setTypes] = useState(props.types)
  const [errors, setErrors] = useState<Errors>({})
  const firstType = useRef<HTMLInputElement>(null)
  const { pending, call } = useAction(submit, { unreachable: UNREACHABLE, onPendingChange })

  function fail(found: Errors) {
    setErrors(found)
    if (found.url) urlInputRef?.current?.focus()
    else if (found.types) firstType.current?.focus()
  }

  async function send() {
    if (urlInputRef && url.trim() === "") return fail({ url: "Enter an address." })
    if (types.length === 0) return fail({ types: "Choose at least one." })
    setErrors({})
    const result = await call({ url, types })
    if (!result) return
    if (result.ok) return onDone(result.value)
    const { field, message } = result
    fail(field === "url" || field === "types" ? { [field]: message } : { other: message })
  }

  return (
    <form
      className="flex flex-col gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {urlInputRef && (
        <Field error={errors.url} hint="Events are posted to this address." id="endpoint-url" label="Address">
          {(control) => (
            <TextInput
              {...control}
              autoComplete="off"
              inputMode="url"
              name="url"
              onChange={(event) => {
                setUrl(event.target.value)
                setErrors(({ url: _, ...rest }) => rest)
              }}
              placeholder="https://example.com/webhooks"
              ref={urlInputRef}
              spellCheck={false}
              type="text"
              value={url}
            />
          )}
        </Field>
      )}
      <CheckboxGroup error={errors.types} id="endpoint-types" legend="Events">
        {NOTIFICATION_TYPES.map((type, index) => (
          <Checkbox
            checked={types.includes(type)}
            detail={type}
            id={`endpoint-type-${type}`}
            invalid={errors.types !== undefined}
            key={type}
            label={NOTIFICATIONS[type].name}
            onChange={(checked) => {
              setTypes(checked ? [...types, type] : types.filter((each) => each !== type))
              setErrors(({ types: _, ...rest }) => rest)
            }}
            {...(index === 0 ? { inputRef: firstType } : {})}
          />
        ))}
      </CheckboxGroup>
      <FormEnd onCancel={onCancel} pending={pending} problem={errors.other}>
        <Button pending={pending} type="submit" variant="primary">
          {submitLabel}
        </Button>
      </FormEnd>
    </form>
  )
}
