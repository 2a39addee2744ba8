"use client"

import { useRouter } from "next/navigation"
import { useRef, useState } from "react"
import { LimitForm } from "@/components/limits/limit-form"
import type { FreeKey, LimitActions } from "@/components/limits/limit-types"
import { Button } from "@/components/ui/button"
import { Dialog } from "@/components/ui/dialog"
import { showToast } from "@/components/ui/show-toast"
import { useDialogAddress } from "@/components/ui/use-dialog-address"

type AddLimitButtonProps = {
  kind: "member" | "api_key"
  freeKeys: FreeKey[]
  saveLimit: LimitActions["saveLimit"]
}

export function AddLimitButton({ kind, freeKeys, saveLimit }: AddLimitButtonProps) {
  const router = useRouter()
  const button = useRef<HTMLButtonElement>(null)
  const [opening, setOpening] = useState(0)
  const [isOpen, setIsOpen] = useState(false)
  const [pending, setPending] = useState(false)
  const address = kind === "member" ? "limit-member" : "limit-key"
  useDialogAddress(address, open)

  function open() {
    setOpening((count) => count + 1)
    setIsOpen(true)
  }

  return (
    <div className="shrink-0">
      <Button aria-haspopup="dialog" onClick={open} ref={button}>
        {kind === "member" ? "Limit a member" : "Limit a key"}
      </Button>
      <Dialog
        address={address}
        description={
          kind === "member"
            ? "By calendar month (UTC). What they spent this month counts already."
            : "By calendar month (UTC). What it spent this month counts already."
        }
        finalFocus={button}
        onOpenChange={(nextOpen) => !nextOpen && !pending && setIsOpen(false)}
        open={isOpen}
        title={kind === "member" ? "Limit a member" : "Limit an API key"}
      >
        <LimitForm
          freeKeys={freeKeys}
          key={opening}
          kind={kind}
          onCancel={() => setIsOpen(false)}
          onPendingChange={setPending}
          onSaved={() => {
            setIsOpen(false)
            showToast({ tone: "done", title: "Limit saved." })
            router.refresh()
          }}
          saveLimit={saveLimit}
        />
      </Dialog>
    </div>
  )
}
