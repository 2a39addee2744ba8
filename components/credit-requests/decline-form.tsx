"use client"

import { type RefObject, useState } from "react"
import type { AnswerActions, OpenRequestEntry } from "@/components/credit-requests/credit-request-types"
import { Button } from "@/components/ui/button"
import { Field, TextInput } from "@/components/ui/field"
import { FormEnd } from "@/components/ui/form-end"
import { problemOf } from "@/components/ui/problems"
import { useAction } from "@/components/ui/use-action"
import { wordSchema } from "@/lib/credit-requests/schema"

type DeclineFormProps = {
  request: OpenRequestEntry
  declineRequest: AnswerActions["declineRequest"]
  inputRef: RefObject<HTMLInputElement | null>
  onCancel: () => void
  onDeclined: () => void
  onPendingChange: (pending: boolean) => void
}

const UNREACHABLE = "No answer came, so the request may still be open. Check your connection, then try again."

export function DeclineForm(props: DeclineFormProps) {
  const { request, declineRequest, inputRef, onCancel, onDeclined, onPendingChange } = props
  const [word, setWord] = useState("")
  const [error, setError] = useState<string | null>(null)
  const { pending, refusal, call } = useAction(declineRequest, { unreachable: UNREACHABLE, onPendingChange })

  async function submit() {
    const parsed = word.trim() === "" ? null : wordSchema.safeParse(word)
    if (parsed && !parsed.success) {
      setError(problemOf(parsed.error))
      return inputRef.current?.focus()
    }
    setError(null)
    const result = await call({ requestId: request.id, word: parsed?.data ?? null })
    if (result?.ok) onDeclined()
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
      <Field error={error} hint="They read it with the answer." id="decline-word" label="Why (optional)">
        {(control) => (
          <TextInput
            {...control}
            autoComplete="off"
            name="word"
            onChange={(event) => {
              setWord(event.target.value)
              setError(null)
            }}
            ref={inputRef}
            value={word}
          />
        )}
      </Field>
      <FormEnd onCancel={onCancel} pending={pending} problem={refusal?.message}>
        <Button pending={pending} type="submit" variant="danger">
          Decline
        </Button>
      </FormEnd>
    </form>
  )
}
