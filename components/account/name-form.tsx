"use client"

import type { RenamePerson } from "@/components/account/account-types"
import { OneFieldForm } from "@/components/ui/one-field-form"
import { problemOf } from "@/components/ui/problems"
import { renamePersonSchema } from "@/lib/account/schema"

type NameFormProps = { name: string; renamePerson: RenamePerson }

export function NameForm({ name, renamePerson }: NameFormProps) {
  return (
    <OneFieldForm
      autoComplete="name"
      check={(text) => {
        const parsed = renamePersonSchema.safeParse({ name: text })
        if (parsed.success) return { ok: true, value: parsed.data.name }
        return { ok: false, message: problemOf(parsed.error) }
      }}
      done="Name saved."
      hint="Your teams see it."
      id="own-name"
      label="Name"
      name="name"
      save={(value) => renamePerson({ name: value })}
      saveLabel="Save"
      unreachable="The name couldn’t be saved. Check your connection, then try again."
      value={name}
    />
  )
}
