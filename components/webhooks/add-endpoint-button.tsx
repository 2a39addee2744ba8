"use client"

import { useRouter } from "next/navigation"
import { useRef, useState } from "react"
import { Button } from "@/components/ui/button"
import { Dialog } from "@/components/ui/dialog"
import { SecretStep } from "@/components/ui/secret-step"
import { useDialogAddress } from "@/components/ui/use-dialog-address"
import { NOTIFICATION_TYPES } from "@/lib/notifications/types"
import type { NewSecret } from "@/lib/webhooks/schema"
import { EndpointForm } from "./endpoint-form"
import type { CreateEndpoint } from "./webhook-types"

type AddEndpointButtonProps = { createEndpoint: CreateEndpoint; disabled: boolean }

export function AddEndpointButton({ createEndpoint, disabled }: AddEndpointButtonProps) {
  const router = useRouter()
  const button = useRef<HTMLButtonElement>(null)
  const urlInput = useRef<HTMLInputElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  const [created, setCreated] = useState<NewSecret | null>(null)
  const [pending, setPending] = useState(false)
  useDialogAddress(disabled ? undefined : "add-endpoint", open)

  function open() {
    setCreated(null)
    setIsOpen(true)
  }

  function close() {
    setIsOpen(false)
    if (created) router.refresh()
  }

  return (
    <div className="shrink-0">
      <Button aria-haspopup="dialog" disabled={disabled} onClick={open} ref={button} variant="primary">
        Add endpoint
      </Button>
      <Dialog
        address="add-endpoint"
        finalFocus={button}
        initialFocus={urlInput}
        // The dialog stays open while an endpoint is being made, because its secret can't be shown later.
        onOpenChange={(nextOpen) => !nextOpen && !pending && close()}
        open={isOpen}
        title={created ? "Copy the signing secret" : "Add endpoint"}
      >
        {created ? (
          <SecretStep onDone={close} secret={created.secret} what="secret">
            Your system verifies each event with it, as Standard Webhooks describes.
          </SecretStep>
        ) : (
          <EndpointForm
            onCancel={close}
            onDone={setCreated}
            onPendingChange={setPending}
            submit={createEndpoint}
            submitLabel="Add endpoint"
            types={[...NOTIFICATION_TYPES]}
            urlInputRef={urlInput}
          />
        )}
      </Dialog>
    </div>
  )
}
