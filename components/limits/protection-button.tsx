"use client"

import { useRouter } from "next/navigation"
import { useRef, useState } from "react"
import type { Protection, SaveProtection } from "@/components/limits/limit-types"
import { ProtectionForm } from "@/components/limits/protection-form"
import { Button } from "@/components/ui/button"
import { Dialog } from "@/components/ui/dialog"
import { showToast } from "@/components/ui/show-toast"
import { useDialogAddress } from "@/components/ui/use-dialog-address"

type ProtectionButtonProps = { protection: Protection; saveProtection: SaveProtection }

export function ProtectionButton({ protection, saveProtection }: ProtectionButtonProps) {
  const router = useRouter()
  const button = useRef<HTMLButtonElement>(null)
  const [opening, setOpening] = useState(0)
  const [isOpen, setIsOpen] = useState(false)
  const [pending, setPending] = useState(false)
  useDialogAddress("owner-protection", open)

  function open() {
    setOpening((count) => count + 1)
    setIsOpen(true)
  }

  return (
    <div className="shrink-0">
      <Button aria-haspopup="dialog" onClick={open} ref={button}>
        Change
      </Button>
      <Dialog
        address="owner-protection"
        description="For what no person starts: API keys, schedules, and connected products without a known member."
        finalFocus={button}
        onOpenChange={(nextOpen) => !nextOpen && !pending && setIsOpen(false)}
        open={isOpen}
        title="Owner protection"
      >
        <ProtectionForm
          key={opening}
          onCancel={() => setIsOpen(false)}
          onPendingChange={setPending}
          onSaved={() => {
            setIsOpen(false)
            showToast({ tone: "done", title: "Protection saved." })
            router.refresh()
          }}
          protection={protection}
          saveProtection={saveProtection}
        />
      </Dialog>
    </div>
  )
}
