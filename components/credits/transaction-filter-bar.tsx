"use client"

import { type Choice, ChoiceField } from "@/components/ui/choice-field"
import { Field, TextInput } from "@/components/ui/field"
import { FilterForm } from "@/components/ui/filter-form"
import { Icon } from "@/components/ui/icon"

/** The filter as the form's fields hold it: empty for everything. */
export type TransactionFields = Record<
  "kind" | "from" | "to" | "member" | "key" | "consumable" | "min" | "max",
  string
>

type TransactionFilterBarProps = {
  path: string
  /** Where nothing is filtered, of the same pool. */
  clearHref: string
  pool: string
  fields: TransactionFields
  choices: { pools: Choice[]; kinds: Choice[]; members: Choice[]; keys: Choice[]; consumables: Choice[] }
  problems: { to?: string; min?: string; max?: string }
}

/** Folded away while nothing is chosen, because one comes for the list. */
export function TransactionFilterBar(props: TransactionFilterBarProps) {
  const { path, clearHref, pool, fields, choices, problems } = props
  const chosen = Object.values(fields).filter((value) => value !== "").length
  return (
    <details className="group" key={JSON.stringify(fields)} open={chosen > 0}>
      <summary className="inline-flex h-11 cursor-pointer list-none items-center gap-2 rounded-control border border-border bg-surface px-4 font-medium hover:bg-sunken sm:h-10 [&::-webkit-details-marker]:hidden">
        Filter
        {chosen > 0 && <span className="text-muted tabular-nums">· {chosen}</span>}
        <Icon className="text-muted group-open:rotate-180" name="expand" />
      </summary>
      <FilterForm
        actionsClassName="flex items-end gap-2 max-lg:col-span-2"
        className="mt-4 grid grid-cols-2 items-start gap-x-3 gap-y-4 lg:grid-cols-4"
        clearHref={chosen > 0 ? clearHref : null}
        fields={{ ...fields, pool }}
        label="Filter"
        path={path}
      >
        {choices.pools.length > 1 ? (
          <Choose all={null} choices={choices.pools} label="Pool" name="pool" value={pool} />
        ) : (
          <input name="pool" type="hidden" value={pool} />
        )}
        <Choose all="Everything" choices={choices.kinds} label="Type" name="kind" value={fields.kind} />
        <Field id="filter-from" label="From (UTC)">
          {(control) => <TextInput {...control} defaultValue={fields.from} name="from" type="date" />}
        </Field>
        <Field error={problems.to} id="filter-to" label="To (UTC)">
          {(control) => <TextInput {...control} defaultValue={fields.to} name="to" type="date" />}
        </Field>
        <Choose
          all="Everybody"
          choices={choices.members}
          label="Member"
          name="member"
          value={fields.member}
        />
        <Choose all="Any or none" choices={choices.keys} label="API key" name="key" value={fields.key} />
        <Choose
          all="Everything"
          choices={choices.consumables}
          label="Consumable"
          name="consumable"
          value={fields.consumable}
        />
        <div className="grid grid-cols-2 items-start gap-2 max-lg:col-span-2 max-lg:gap-3">
          <Size error={problems.min} label="Amount from" name="min" value={fields.min} />
          <Size error={problems.max} label="Amount to" name="max" value={fields.max} />
        </div>
      </FilterForm>
    </details>
  )
}

/** The size of an amount, in or out. */
function Size(props: { name: "min" | "max"; label: string; value: string; error: string | undefined }) {
  const { name, label, value, error } = props
  return (
    <Field error={error} id={`filter-${name}`} label={label}>
      {(control) => (
        <span className="relative block">
          <span aria-hidden="true" className="absolute inset-y-0 left-3 flex items-center text-muted">
            $
          </span>
          <TextInput
            {...control}
            autoComplete="off"
            className="pl-7!"
            defaultValue={value}
            inputMode="decimal"
            maxLength={40}
            name={name}
          />
        </span>
      )}
    </Field>
  )
}

type ChooseProps = { name: string; label: string; all: string | null; choices: Choice[]; value: string }

function Choose(props: ChooseProps) {
  return (
    <div className="min-w-0">
      <ChoiceField {...props} id={`filter-${props.name}`} />
    </div>
  )
}
