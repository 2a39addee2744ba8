"use client"

import { useRouter } from "next/navigation"
import { type ComponentType, useRef, useState } from "react"
import type { StripeConfig } from "@/components/credits/purchase-types"
import type { AddMethodDialogProps } from "@/components/payment-methods/add-method-dialog"
import type { AddingActions } from "@/components/payment-methods/payment-method-types"
import { Button } from "@/components/ui/button"
import { showToast } from "@/components/ui/show-toast"
import type { FinishedAdding } from "@/lib/payment-methods/schema"

type AddMethodButtonProps = {
  actions: AddingActions
  stripe: StripeConfig
  /** Whether there is a default already, so that there is something to choose. */
  hasDefault: boolean
}

const importDialog = () => import("@/components/payment-methods/add-method-dialog")

/** The dialog is fetched when a pointer or the focus comes near, not with the page. */
export function AddMethodButton({ actions, stripe, hasDefault }: AddMethodButtonProps) {
  const router = useRouter()
  const button = useRef<HTMLButtonElement>(null)
  const [Dialog, setDialog] = useState<ComponentType<AddMethodDialogProps> | null>(null)
  const [loading, setLoading] = useState<"no" | "yes" | "failed">("no")
  const [opening, setOpening] = useState({ count: 0, open: false })

  async function open() {
    setLoading("yes")
    try {
      const { AddMethodDialog } = await importDialog()
      setDialog(() => AddMethodDialog)
      setOpening(({ count }) => ({ count: count + 1, open: true }))
      setLoading("no")
    } catch {
      setLoading("failed")
    }
  }

  const close = () => setOpening(({ count }) => ({ count, open: false }))

  function settle(saved: Extract<FinishedAdding, { status: "saved" }> | null, askedForDefault: boolean) {
    close()
    showToast(toastOf(saved, askedForDefault))
    router.refresh()
  }

  const prefetch = () => void importDialog().catch(() => undefined)
  return (
    <div className="flex shrink-0 flex-col items-end gap-2">
      <Button
        aria-haspopup="dialog"
        onClick={open}
        onFocus={prefetch}
        onPointerEnter={prefetch}
        pending={loading === "yes"}
        ref={button}
      >
        <span className="sm:hidden">Add</span>
        <span className="max-sm:hidden">Add payment method</span>
      </Button>
      {loading === "failed" && (
        <p className="text-right text-caption text-danger" role="alert">
          The form couldn’t be loaded. Check your connection, then try again.
        </p>
      )}
      <noscript>
        <p className="text-right text-caption text-muted">Adding one needs JavaScript.</p>
      </noscript>
      {Dialog && (
        <Dialog
          actions={actions}
          buttonRef={button}
          hasDefault={hasDefault}
          key={opening.count}
          onClose={close}
          onSaved={settle}
          open={opening.open}
          stripe={stripe}
        />
      )}
    </div>
  )
}

function toastOf(
  saved: Extract<FinishedAdding, { status: "saved" }> | null,
  askedForDefault: boolean,
): Parameters<typeof showToast>[0] {
  if (!saved?.name) return { tone: "under-way", title: "Your card is saved. It appears here in a moment." }
  if (askedForDefault && !saved.isDefault)
    return { tone: "done", title: `${saved.name} added. It couldn’t be made the default yet.` }
  return { tone: "done", title: `${saved.name} added.` }
}
