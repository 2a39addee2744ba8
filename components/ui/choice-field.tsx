import { Field } from "./field"
import { Select } from "./select"

export type Choice = { value: string; label: string }

type ChoiceFieldProps = {
  id: string
  label: string
  name: string
  value: string
  /** The words for no choice. Null where one has to be made. */
  all: string | null
  choices: Choice[]
}

/** A choice of one in a form that is sent as an address. */
export function ChoiceField({ id, label, name, value, all, choices }: ChoiceFieldProps) {
  return (
    <Field id={id} label={label}>
      {(control) => (
        <Select {...control} defaultValue={value} name={name}>
          {all !== null && <option value="">{all}</option>}
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}
