"use client"

import { useRouter } from "next/navigation"
import { useState } from "react"
import type { ApiKeyEntry, RenameApiKey } from "@/components/api-keys/api-key-types"
import { Button } from "@/components/ui/button"
import { Field, TextInput } from "@/components/ui/field"
import { showToast } from "@/components/ui/show-toast"
import { useAction } from "@/components/ui/use-action"
import { apiKeyNameSchema } from "@/lib/api-keys/schema"

type RenameKeyFormProps = {
  apiKey: ApiKeyEntry
  renameApiKey: RenameApiKey
  onPendingChange: (pending: boolean) => void
  onRenamed: () => void
}

const UNREACHABLE = "The name couldn’t be saved. Check your connection, then try again."

export function RenameKeyForm({ apiKey, renameApiKey, onPendingChange, onRenamed }: RenameKeyFormProps) {
  const router = useRouter()
  const [name, setName] = useState(apiKey.name)
  const [error, setError] = useState<string | null>(null)
  const { pending, call } = useAction(renameApiKey, { unreachable: UNREACHABLE, onPendingChange })

  async function submit() {
    const parsed = apiKeyNameSchema.safeParse(name)
    if (!parsed.success) return setError(parsed.error.issues[0]?.message ?? null)
    setError(null)
    const result = await call({ apiKeyId: apiKey.id, name: parsed.data })
    if (!result) return
    if (!result.ok) return setError(result.message)
    onRenamed()
    showToast({ tone: "done", title: "Name saved." })
    router.refresh()
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Field error={error} id="api-key-new-name" label="Name">
        {(control) => (
          <span className="flex gap-3">
            <TextInput
              {...control}
              autoComplete="off"
              className="min-w-0 flex-1"
              name="name"
              onChange={(event) => {
                setName(event.target.value)
                setError(null)
              }}
              value={name}
            />
            <Button className="shrink-0" pending={pending} type="submit">
              Save name
            </Button>
          </span>
        )}
      </Field>
    </form>
  )
}
