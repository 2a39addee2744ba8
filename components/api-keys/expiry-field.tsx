import type { Ref } from "react"
import type { Expiry } from "@/components/api-keys/api-key-types"
import { Field, TextInput } from "@/components/ui/field"
import { Select } from "@/components/ui/select"
import { EXPIRY_DAYS, expiryDays } from "@/lib/api-keys/schema"

const WORDS: Record<(typeof EXPIRY_DAYS)[number], string> = {
  7: "In 7 days",
  30: "In 30 days",
  90: "In 90 days",
  365: "In a year",
}
/** The choice of a day. */
const DAY = "day"

type ExpiryFieldProps = {
  id: string
  value: Expiry
  onChange: (expiry: Expiry) => void
  error: string | undefined
  dayRef: Ref<HTMLInputElement>
}

export function ExpiryField({ id, value, onChange, error, dayRef }: ExpiryFieldProps) {
  const { expiresInDays, expiresOn } = value
  return (
    <>
      <Field id={id} label="Expires">
        {(control) => (
          <Select
            {...control}
            name="expires"
            onChange={({ target }) => onChange(chosen(target.value))}
            value={expiresOn === undefined ? (expiresInDays ?? "") : DAY}
          >
            <option value="">Never</option>
            {EXPIRY_DAYS.map((days) => (
              <option key={days} value={days}>
                {WORDS[days]}
              </option>
            ))}
            <option value={DAY}>On a date</option>
          </Select>
        )}
      </Field>
      {expiresOn !== undefined && (
        <DayField error={error} id={`${id}-day`} inputRef={dayRef} onChange={onChange} value={expiresOn} />
      )}
    </>
  )
}

function chosen(choice: string): Expiry {
  if (choice === DAY) return { expiresOn: "" }
  const expiresInDays = EXPIRY_DAYS.find((days) => String(days) === choice)
  return expiresInDays === undefined ? {} : { expiresInDays }
}

type DayFieldProps = {
  id: string
  value: string
  onChange: (expiry: Expiry) => void
  error: string | undefined
  inputRef: Ref<HTMLInputElement>
}

function DayField({ id, value, onChange, error, inputRef }: DayFieldProps) {
  const { first, last } = expiryDays(new Date())
  return (
    <Field error={error ?? null} hint="Expires at the end of that day, UTC." id={id} label="Date">
      {(control) => (
        <TextInput
          {...control}
          max={last}
          min={first}
          name="expiresOn"
          onChange={({ target }) => onChange({ expiresOn: target.value })}
          ref={inputRef}
          type="date"
          value={value}
        />
      )}
    </Field>
  )
}
