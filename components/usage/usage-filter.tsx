"use client"

import { ChoiceField } from "@/components/ui/choice-field"
import { Field, TextInput } from "@/components/ui/field"
import { FilterForm } from "@/components/ui/filter-form"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"
import type { FilterSelect, Narrowing } from "./usage-types"

type UsageFilterProps = {
  path: string
  /** Nothing narrowed, of the same days. */
  clearHref: string
  selects: FilterSelect[]
  /** The days of a custom range. Null for a range by name. */
  days: { from: string; to: string; problem: { field: string; message: string } | null } | null
  /** The rest of the address, which the form has to keep. */
  kept: Record<string, string>
  narrowings: Narrowing[]
}

/** Folded away while nothing is chosen, because one comes for the figures. Its choices stand below it. */
export function UsageFilter({ path, clearHref, selects, days, kept, narrowings }: UsageFilterProps) {
  const fields = Object.fromEntries(selects.map(({ name, value }) => [name, value]))
  return (
    <details className="group min-w-0" key={JSON.stringify([fields, days])} open={days !== null}>
      <summary className="flex min-h-11 cursor-pointer list-none flex-wrap items-center gap-2 sm:min-h-10 [&::-webkit-details-marker]:hidden">
        <span className="inline-flex h-11 items-center gap-2 rounded-control border border-border bg-surface px-4 font-medium hover:bg-sunken sm:h-10">
          Filter
          <Icon className="text-muted group-open:rotate-180" name="expand" />
        </span>
      </summary>
      <FilterForm
        actionsClassName="flex items-end gap-2 self-end max-lg:col-span-2"
        className="mt-3 grid grid-cols-2 items-start gap-x-3 gap-y-4 lg:grid-cols-4"
        clearHref={narrowings.length > 0 ? clearHref : null}
        fields={{ ...fields, ...kept, ...(days ? { from: days.from, to: days.to } : {}) }}
        label="Filter"
        path={path}
      >
        {Object.entries(kept).map(([name, value]) => (
          <input key={name} name={name} type="hidden" value={value} />
        ))}
        {days && (
          <>
            <Day days={days} label="From (UTC)" name="from" />
            <Day days={days} label="To (UTC)" name="to" />
          </>
        )}
        {selects.map(({ name, label, all, value, choices }) => (
          <ChoiceField
            all={all}
            choices={choices}
            id={`usage-${name}`}
            key={name}
            label={label}
            name={name}
            value={value}
          />
        ))}
      </FilterForm>
    </details>
  )
}

type DayProps = { days: NonNullable<UsageFilterProps["days"]>; name: "from" | "to"; label: string }

function Day({ days, name, label }: DayProps) {
  return (
    <Field
      error={days.problem?.field === name ? days.problem.message : null}
      id={`usage-${name}`}
      label={label}
    >
      {(control) => <TextInput {...control} defaultValue={days[name]} name={name} type="date" />}
    </Field>
  )
}

/** Shows each narrowing with its value. Pressing one takes it away. */
export function Narrowings({ narrowings, clearHref }: Pick<UsageFilterProps, "narrowings" | "clearHref">) {
  if (narrowings.length === 0) return null
  return (
    <ul aria-label="Chosen" className="flex min-w-0 flex-wrap items-center gap-2">
      {narrowings.map(({ label, value, href }) => (
        <li className="min-w-0" key={label}>
          <Link
            className="inline-flex min-h-8 max-w-full items-center gap-1.5 rounded-full border border-border bg-accent-soft py-1 pr-2.5 pl-3 text-caption hover:border-border-strong"
            href={href}
            scroll={false}
          >
            <span className="sr-only">Remove </span>
            <span className="min-w-0 truncate">
              <span className="text-muted">{label}: </span>
              <bdi className="font-medium">{value}</bdi>
            </span>
            <Icon className="size-3.5 shrink-0 text-muted" name="close" />
          </Link>
        </li>
      ))}
      <li>
        <Link
          className="inline-flex min-h-8 items-center rounded-lg px-2 text-caption font-medium text-accent underline-offset-4 hover:underline"
          href={clearHref}
          scroll={false}
        >
          Clear
        </Link>
      </li>
    </ul>
  )
}
