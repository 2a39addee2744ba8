"use client"

import { ChoiceField } from "@/components/ui/choice-field"
import { Field, TextInput } from "@/components/ui/field"
import { FilterForm } from "@/components/ui/filter-form"
import { Select } from "@/components/ui/select"
import type { AuditChoice, AuditChoices, AuditFields } from "./audit-types"

type AuditFilterBarProps = {
  path: string
  fields: AuditFields
  people: AuditChoice[]
  kinds: AuditChoices
  /** The sentence about days that don't fit each other. */
  problem: string | null
}

export function AuditFilterBar({ path, fields, people, kinds, problem }: AuditFilterBarProps) {
  const isFiltered = Object.values(fields).some((value) => value !== "")
  return (
    <FilterForm
      actionsClassName="flex gap-2 max-lg:col-span-2 lg:pt-7"
      className="grid grid-cols-2 items-start gap-x-3 gap-y-4 lg:grid-cols-[minmax(0,1.2fr)_minmax(0,1.2fr)_minmax(0,1fr)_minmax(0,1fr)_auto]"
      clearHref={isFiltered ? path : null}
      fields={fields}
      path={path}
    >
      <div className="max-sm:col-span-2">
        <ChoiceField
          all="Everybody"
          choices={people}
          id="audit-person"
          label="Person"
          name="person"
          value={fields.person}
        />
      </div>
      <div className="max-sm:col-span-2">
        <Field id="audit-kind" label="What">
          {(control) => (
            <Select {...control} defaultValue={fields.kind} name="kind">
              <option value="">Everything</option>
              {kinds.map((group) => (
                <optgroup key={group.label} label={group.label}>
                  <option value={group.all.value}>{group.all.label}</option>
                  {group.kinds.map(({ value, label }) => (
                    <option key={value} value={value}>
                      {label}
                    </option>
                  ))}
                </optgroup>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <Field id="audit-from" label="From (UTC)">
        {(control) => <TextInput {...control} defaultValue={fields.from} name="from" type="date" />}
      </Field>
      <Field error={problem} id="audit-to" label="To (UTC)">
        {(control) => <TextInput {...control} defaultValue={fields.to} name="to" type="date" />}
      </Field>
    </FilterForm>
  )
}
