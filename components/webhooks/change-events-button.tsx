"use client"

import { useRouter } from "next/navigation"
import { useRef, useState } from "react"
import { Button } from "@/components/ui/button"
import { Dialog } from "@/components/ui/dialog"
import { useDialogAddress } from "@/components/ui/use-dialog-address"
import type { NotificationType } from "@/lib/notifications/types"
import type { ActionResult } from "@/lib/web/action-result"
import { EndpointForm } from "./endpoint-form"

type ChangeEventsButtonProps = {
  types: NotificationType[]
  saveTypes: (types: NotificationType[]) => Promise<ActionResult<void>>
}

export function ChangeEventsButton({ types, saveTypes }: ChangeEventsButtonProps) {
  const router = useRouter()
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  const open = () => setIsOpen(true)
  const close = () => setIsOpen(false)
  useDialogAddress("change-events", open)
  return (
    <>
      <Button aria-haspopup="dialog" aria-label="Change events" onClick={open} ref={button} size="small">
        Change
      </Button>
      <Dialog
        address="change-events"
        finalFocus={button}
        onOpenChange={setIsOpen}
        open={isOpen}
        title="Events"
      >
        <EndpointForm
          onCancel={close}
          onDone={() => {
            close()
            router.refresh()
          }}
          submit={({ types: chosen }) => saveTypes(chosen)}
          submitLabel="Save"
          types={types}
          urlInputRef={null}
        />
      </Dialog>
    </>
  )
}
