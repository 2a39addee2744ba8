"use client"

import { useRouter } from "next/navigation"
import { type RefObject, useRef, useState } from "react"
import type { CreateApiKey } from "@/components/api-keys/api-key-types"
import { CreateKeyForm } from "@/components/api-keys/create-key-form"
import { Dialog } from "@/components/ui/dialog"
import { SecretStep } from "@/components/ui/secret-step"

type CreateKeyDialogProps = {
  open: boolean
  createApiKey: CreateApiKey
  buttonRef: RefObject<HTMLButtonElement | null>
  onClose: () => void
}

/** Mount it with a new key for each opening: an opening makes one API key and shows it once. */
export function CreateKeyDialog({ open, createApiKey, buttonRef, onClose }: CreateKeyDialogProps) {
  const router = useRouter()
  const nameInput = useRef<HTMLInputElement>(null)
  const [pending, setPending] = useState(false)
  const [created, setCreated] = useState<{ name: string; apiKey: string } | null>(null)
  return (
    <Dialog
      address="create-key"
      description={created ? created.name : "For one program that acts for your team"}
      finalFocus={buttonRef}
      initialFocus={nameInput}
      onOpenChange={(nextOpen) => {
        // The dialog stays open while a key is being made, because the key can't be shown later.
        if (!nextOpen && !pending) onClose()
      }}
      open={open}
      title={created ? "Copy your new key" : "Create API key"}
    >
      {created ? (
        <SecretStep onDone={onClose} secret={created.apiKey} what="key">
          Copy it now and keep it where your program reads its secrets.
        </SecretStep>
      ) : (
        <CreateKeyForm
          createApiKey={createApiKey}
          nameInputRef={nameInput}
          onCancel={onClose}
          onCreated={(name, apiKey) => {
            setCreated({ name, apiKey })
            router.refresh()
          }}
          onPendingChange={setPending}
          // Without an answer, the list shows whether the key was made.
          onUnanswered={() => router.refresh()}
        />
      )}
    </Dialog>
  )
}
