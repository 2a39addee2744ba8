"use client"

import { useRef, useState } from "react"
import type { CreateApiKey } from "@/components/api-keys/api-key-types"
import { CreateKeyDialog } from "@/components/api-keys/create-key-dialog"
import { Button } from "@/components/ui/button"
import { useDialogAddress } from "@/components/ui/use-dialog-address"

type CreateKeyButtonProps = { createApiKey: CreateApiKey; disabled: boolean }

export function CreateKeyButton({ createApiKey, disabled }: CreateKeyButtonProps) {
  const button = useRef<HTMLButtonElement>(null)
  const [opening, setOpening] = useState({ count: 0, open: false })
  const openDialog = () => setOpening(({ count }) => ({ count: count + 1, open: true }))
  useDialogAddress(disabled ? undefined : "create-key", openDialog)
  return (
    <div className="flex shrink-0 flex-col items-end gap-2">
      <Button aria-haspopup="dialog" disabled={disabled} onClick={openDialog} ref={button} variant="primary">
        Create key
      </Button>
      <noscript>
        <p className="text-right text-caption text-muted">Creating keys needs JavaScript.</p>
      </noscript>
      <CreateKeyDialog
        buttonRef={button}
        createApiKey={createApiKey}
        key={opening.count}
        onClose={() => setOpening(({ count }) => ({ count, open: false }))}
        open={opening.open}
      />
    </div>
  )
}
