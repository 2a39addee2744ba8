"use client"

import { TextInput } from "@/components/ui/field"
import { FilterForm } from "@/components/ui/filter-form"

type TransactionSearchProps = { path: string; pool: string; reference: string; clearHref: string }

/** Finds by what a transaction belongs to, in every pool, whatever else is filtered. */
export function TransactionSearch({ path, pool, reference, clearHref }: TransactionSearchProps) {
  return (
    <FilterForm
      className="flex min-w-0 flex-1 gap-2"
      clearHref={reference === "" ? null : clearHref}
      fields={{ pool, ref: reference }}
      label="By reference"
      path={path}
      submitLabel="Search"
    >
      <input name="pool" type="hidden" value={pool} />
      <TextInput
        aria-label="Reference"
        autoComplete="off"
        className="min-w-0"
        defaultValue={reference}
        maxLength={255}
        name="ref"
        placeholder="ent_…, pur_…, pi_… or your usage key"
        spellCheck={false}
        type="search"
      />
    </FilterForm>
  )
}
