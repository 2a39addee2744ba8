"use client"

import { useRouter } from "next/navigation"
import { useRef, useState } from "react"
import type { ApiKeyEntry, Expiry, OverlapHours, RollApiKey } from "@/components/api-keys/api-key-types"
import { ExpiryField } from "@/components/api-keys/expiry-field"
import { Button } from "@/components/ui/button"
import { Field } from "@/components/ui/field"
import { Notice } from "@/components/ui/notice"
import { Select } from "@/components/ui/select"
import { useAction } from "@/components/ui/use-action"
import { expiryProblem, OVERLAP_HOURS } from "@/lib/api-keys/schema"

type RollKeyFormProps = {
  apiKey: ApiKeyEntry
  rollApiKey: RollApiKey
  onPendingChange: (pending: boolean) => void
  onRolled: (secret: string) => void
}

const OVERLAP_WORDS: Record<(typeof OVERLAP_HOURS)[number], string> = {
  0: "Not at all: it stops now",
  1: "For 1 hour",
  24: "For 24 hours",
  168: "For 7 days",
}
const UNREACHABLE =
  "No answer came, so the key may have been rolled without its new secret being shown. If the list shows a new ending, roll it once more."

export function RollKeyForm({ apiKey, rollApiKey, onPendingChange, onRolled }: RollKeyFormProps) {
  const router = useRouter()
  const [overlapHours, setOverlapHours] = useState<OverlapHours>(24)
  const [expiry, setExpiry] = useState<Expiry>(apiKey.expiry)
  const [dayProblem, setDayProblem] = useState<string>()
  const dayInput = useRef<HTMLInputElement>(null)
  const { pending, refusal, call } = useAction(rollApiKey, { unreachable: UNREACHABLE, onPendingChange })

  async function submit() {
    const problem = expiry.expiresOn === undefined ? null : expiryProblem(expiry.expiresOn, new Date())
    setDayProblem(problem ?? undefined)
    if (problem) return dayInput.current?.focus()
    const result = await call({ apiKeyId: apiKey.id, overlapHours, ...expiry })
    if (result?.ok) onRolled(result.value.apiKey)
    else if (result?.code === "unreachable") router.refresh()
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
      <div>
        <h3 className="font-semibold">Roll the key</h3>
        <p className="mt-1 text-muted">Makes a new secret. Name, permissions and usage stay with the key.</p>
      </div>
      <Field
        hint={overlapHours === 0 ? "Secrets that earlier rolls replaced stop too." : ""}
        id="api-key-overlap"
        label="The old secret works on"
      >
        {(control) => (
          <Select
            {...control}
            name="overlapHours"
            onChange={(event) =>
              setOverlapHours(OVERLAP_HOURS.find((hours) => String(hours) === event.target.value) ?? 24)
            }
            value={overlapHours}
          >
            {OVERLAP_HOURS.map((hours) => (
              <option key={hours} value={hours}>
                {OVERLAP_WORDS[hours]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <ExpiryField
        dayRef={dayInput}
        error={dayProblem}
        id="api-key-roll-expiry"
        onChange={(next) => {
          setExpiry(next)
          setDayProblem(undefined)
        }}
        value={expiry}
      />
      {refusal && (
        <Notice announce tone="danger">
          {refusal.message}
        </Notice>
      )}
      <div className="flex justify-end max-sm:flex-col">
        <Button pending={pending} type="submit" variant="primary">
          Roll key
        </Button>
      </div>
    </form>
  )
}
