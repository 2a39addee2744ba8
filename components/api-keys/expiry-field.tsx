import type { ExpiryDays } from "@/components/api-keys/api-key-types"
import { Field } from "@/components/ui/field"
import { Select } from "@/components/ui/select"
import { EXPIRY_DAYS } from "@/lib/api-keys/schema"

const WORDS: Record<(typeof EXPIRY_DAYS)[number], string> = {
  7: "In 7 days",
  30: "In 30 days",
  90: "In 90 days",
  365: "In a year",
}

type ExpiryFieldProps = { id: string; value: ExpiryDays; onChange: (days: ExpiryDays) => void }

export function ExpiryField({ id, value, onChange }: ExpiryFieldProps) {
  return (
    <Field id={id} label="Expires">
      {(control) => (
        <Select
          {...control}
          name="expiresInDays"
          onChange={(event) => onChange(EXPIRY_DAYS.find((days) => String(days) === event.target.value))}
          value={value ?? ""}
        >
          <option value="">Never</option>
          {EXPIRY_DAYS.map((days) => (
            <option key={days} value={days}>
              {WORDS[days]}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}
