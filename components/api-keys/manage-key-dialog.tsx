"use client"

import { useRouter } from "next/navigation"
import { type RefObject, useState } from "react"
import type { ApiKeyActions, ApiKeyEntry } from "@/components/api-keys/api-key-types"
import { RenameKeyForm } from "@/components/api-keys/rename-key-form"
import { RollKeyForm } from "@/components/api-keys/roll-key-form"
import { Dialog } from "@/components/ui/dialog"
import { SecretStep } from "@/components/ui/secret-step"

export type ManageKeyDialogProps = {
  apiKey: ApiKeyEntry
  actions: ApiKeyActions
  open: boolean
  buttonRef: RefObject<HTMLButtonElement | null>
  onClose: () => void
}

/** Renames a key, or rolls it and shows the new secret once. */
export function ManageKeyDialog({ apiKey, actions, open, buttonRef, onClose }: ManageKeyDialogProps) {
  const router = useRouter()
  const [pending, setPending] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  return (
    <Dialog
      description={secret ? apiKey.name : `ck_…${apiKey.last4}`}
      finalFocus={buttonRef}
      onOpenChange={(nextOpen) => {
        // The dialog stays while a secret is being made, because it can't be shown later.
        if (!nextOpen && !pending) onClose()
      }}
      open={open}
      title={secret ? "Copy the new secret" : "Manage key"}
    >
      {secret ? (
        <SecretStep onDone={onClose} secret={secret} what="key">
          Put it in the place of the old one.
        </SecretStep>
      ) : (
        <div className="flex flex-col gap-6">
          <RenameKeyForm
            apiKey={apiKey}
            onPendingChange={setPending}
            onRenamed={onClose}
            renameApiKey={actions.renameApiKey}
          />
          <div className="border-t border-border pt-5">
            <RollKeyForm
              apiKey={apiKey}
              onPendingChange={setPending}
              onRolled={(apiKeyText) => {
                setSecret(apiKeyText)
                router.refresh()
              }}
              rollApiKey={actions.rollApiKey}
            />
          </div>
        </div>
      )}
    </Dialog>
  )
}
