"use client"

import type { ApiKeyEntry, RenameApiKey } from "@/components/api-keys/api-key-types"
import { OneFieldForm } from "@/components/ui/one-field-form"
import { problemOf } from "@/components/ui/problems"
import { apiKeyNameSchema } from "@/lib/api-keys/schema"

type RenameKeyFormProps = {
  apiKey: ApiKeyEntry
  renameApiKey: RenameApiKey
  onPendingChange: (pending: boolean) => void
  onRenamed: () => void
}

export function RenameKeyForm({ apiKey, renameApiKey, onPendingChange, onRenamed }: RenameKeyFormProps) {
  return (
    <OneFieldForm
      check={(text) => {
        const parsed = apiKeyNameSchema.safeParse(text)
        if (parsed.success) return { ok: true, value: parsed.data }
        return { ok: false, message: problemOf(parsed.error) }
      }}
      done="Name saved."
      id="api-key-new-name"
      label="Name"
      name="name"
      onPendingChange={onPendingChange}
      onSaved={onRenamed}
      save={(name) => renameApiKey({ apiKeyId: apiKey.id, name })}
      saveLabel="Save name"
      unreachable="The name couldn’t be saved. Check your connection, then try again."
      value={apiKey.name}
    />
  )
}
