"use client"

import { type RefObject, useRef, useState } from "react"
import type { CreateApiKey, Expiry } from "@/components/api-keys/api-key-types"
import { ExpiryField } from "@/components/api-keys/expiry-field"
import { Button } from "@/components/ui/button"
import { Checkbox, CheckboxGroup } from "@/components/ui/checkbox"
import { Field, TextInput } from "@/components/ui/field"
import { FormEnd } from "@/components/ui/form-end"
import { problemsOf } from "@/components/ui/problems"
import { useAction } from "@/components/ui/use-action"
import { createApiKeySchema, expiryProblem } from "@/lib/api-keys/schema"
import { API_KEY_SCOPES, type ApiKeyScope, SCOPE_WORDS } from "@/lib/api-keys/scopes"

type CreateKeyFormProps = {
  createApiKey: CreateApiKey
  nameInputRef: RefObject<HTMLInputElement | null>
  onPendingChange: (pending: boolean) => void
  onCreated: (name: string, apiKey: string) => void
  onUnanswered: () => void
  onCancel: () => void
}

const FIELDS = ["name", "scopes", "expiresOn"] as const
type Errors = Partial<Record<(typeof FIELDS)[number] | "other", string>>

const UNANSWERED =
  "No answer came, so the key may have been created without being shown. If it is in the list, revoke it and create another."

export function CreateKeyForm(props: CreateKeyFormProps) {
  const { createApiKey, nameInputRef, onPendingChange, onCreated, onUnanswered, onCancel } = props
  const [name, setName] = useState("")
  const [scopes, setScopes] = useState<ApiKeyScope[]>([])
  const [expiry, setExpiry] = useState<Expiry>({})
  const [errors, setErrors] = useState<Errors>({})
  const firstScope = useRef<HTMLInputElement>(null)
  const dayInput = useRef<HTMLInputElement>(null)
  const { pending, call } = useAction(createApiKey, { unreachable: UNANSWERED, onPendingChange })

  function fail(found: Errors) {
    setErrors(found)
    if (found.name) nameInputRef.current?.focus()
    else if (found.scopes) firstScope.current?.focus()
    else if (found.expiresOn) dayInput.current?.focus()
  }

  async function submit() {
    const parsed = createApiKeySchema.safeParse({ name, scopes, ...expiry })
    if (!parsed.success) return fail(problemsOf(parsed.error, FIELDS))
    const expiresOn = expiry.expiresOn && expiryProblem(expiry.expiresOn, new Date())
    if (expiresOn) return fail({ expiresOn })
    setErrors({})
    const result = await call({ name: parsed.data.name, scopes: parsed.data.scopes, ...expiry })
    if (!result) return
    if (result.ok) return onCreated(parsed.data.name, result.value.apiKey)
    const { code, field, message } = result
    if (code === "unreachable") onUnanswered()
    fail({ [FIELDS.find((each) => each === field) ?? "other"]: message })
  }

  return (
    <form
      className="flex flex-col gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Field
        error={errors.name}
        hint="The program that will use it, for example."
        id="api-key-name"
        label="Name"
      >
        {(control) => (
          <TextInput
            {...control}
            autoComplete="off"
            name="name"
            onChange={(event) => {
              setName(event.target.value)
              setErrors(({ name: _, ...rest }) => rest)
            }}
            ref={nameInputRef}
            value={name}
          />
        )}
      </Field>
      <CheckboxGroup error={errors.scopes} id="api-key-scopes" legend="Allow it to">
        {API_KEY_SCOPES.map((scope, index) => (
          <Checkbox
            checked={scopes.includes(scope)}
            detail={SCOPE_WORDS[scope].sentence}
            id={`api-key-scope-${index}`}
            invalid={errors.scopes !== undefined}
            key={scope}
            label={SCOPE_WORDS[scope].title}
            onChange={(checked) => {
              setScopes(checked ? [...scopes, scope] : scopes.filter((each) => each !== scope))
              setErrors(({ scopes: _, ...rest }) => rest)
            }}
            {...(index === 0 ? { inputRef: firstScope } : {})}
          />
        ))}
      </CheckboxGroup>
      <ExpiryField
        dayRef={dayInput}
        error={errors.expiresOn}
        id="api-key-expiry"
        onChange={(next) => {
          setExpiry(next)
          setErrors(({ expiresOn: _, ...rest }) => rest)
        }}
        value={expiry}
      />
      <FormEnd onCancel={onCancel} pending={pending} problem={errors.other}>
        <Button pending={pending} type="submit" variant="primary">
          Create key
        </Button>
      </FormEnd>
    </form>
  )
}
