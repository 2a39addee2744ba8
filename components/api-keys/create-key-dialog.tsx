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

/** Mount it anew (by key) for each opening: an opening makes one key and shows it once. */
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
        // A key that is being made must find the dialog open: it can't be shown later.
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
          // The list says whether there is a key although no answer came.
          onUnanswered={() => router.refresh()}
          pending={pending}
        />
      )}
    </Dialog>
  )
}
