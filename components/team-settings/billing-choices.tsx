import { Field, TextInput } from "@/components/ui/field"
import { Select } from "@/components/ui/select"

type CountryFieldProps = {
  countries: { code: string; name: string }[]
  value: string
  error: string | undefined
  onChange: (code: string) => void
}

export function CountryField({ countries, value, error, onChange }: CountryFieldProps) {
  return (
    <Field error={error ?? null} id="billing-country" label="Country">
      {(control) => (
        <Select
          {...control}
          autoComplete="country"
          name="country"
          onChange={(event) => onChange(event.target.value)}
          value={value}
        >
          <option value="">None</option>
          {countries.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

type TaxIdFieldsProps = {
  taxIdTypes: { type: string; name: string }[]
  type: string
  value: string
  errors: { taxIdType?: string; taxIdValue?: string }
  onChange: (name: "taxIdType" | "taxIdValue", value: string) => void
}

export function TaxIdFields({ taxIdTypes, type, value, errors, onChange }: TaxIdFieldsProps) {
  return (
    <>
      <Field error={errors.taxIdType ?? null} id="billing-tax-id-type" label="Kind of tax ID">
        {(control) => (
          <Select
            {...control}
            name="taxIdType"
            onChange={(event) => onChange("taxIdType", event.target.value)}
            value={type}
          >
            <option value="">None</option>
            {taxIdTypes.map((each) => (
              <option key={each.type} value={each.type}>
                {each.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field error={errors.taxIdValue ?? null} id="billing-tax-id-value" label="Tax ID">
        {(control) => (
          <TextInput
            {...control}
            autoComplete="off"
            className="w-full"
            name="taxIdValue"
            onChange={(event) => onChange("taxIdValue", event.target.value)}
            spellCheck={false}
            value={value}
          />
        )}
      </Field>
    </>
  )
}
