"use client"

import { useRouter } from "next/navigation"
import { type ComponentType, useRef, useState } from "react"
import type { PurchaseDialogProps } from "@/components/credits/purchase-dialog"
import type {
  PurchaseActions,
  PurchaseOutcome,
  PurchasePool,
  StripeConfig,
} from "@/components/credits/purchase-types"
import { Button } from "@/components/ui/button"
import { showToast } from "@/components/ui/show-toast"
import { formatUsd } from "@/lib/money/usd"

type PurchaseButtonProps = {
  pool: PurchasePool
  stripe: StripeConfig
  actions: PurchaseActions
  onPurchased?: (outcome: PurchaseOutcome) => void
}

const importDialog = () => import("@/components/credits/purchase-dialog")

/** The dialog is fetched when a pointer or the focus comes near, not with the page. */
export function PurchaseButton({ pool, stripe, actions, onPurchased }: PurchaseButtonProps) {
  const router = useRouter()
  const button = useRef<HTMLButtonElement>(null)
  const [Dialog, setDialog] = useState<ComponentType<PurchaseDialogProps> | null>(null)
  const [loading, setLoading] = useState<"no" | "yes" | "failed">("no")
  const [opening, setOpening] = useState({ count: 0, open: false })

  async function open() {
    setLoading("yes")
    try {
      const { PurchaseDialog } = await importDialog()
      setDialog(() => PurchaseDialog)
      setOpening(({ count }) => ({ count: count + 1, open: true }))
      setLoading("no")
    } catch {
      setLoading("failed")
    }
  }

  /** Only the opening that asks for it: by then another may be on the screen. */
  function close(closing: number) {
    setOpening(({ count, open }) => ({ count, open: open && count !== closing }))
  }

  function settle(outcome: PurchaseOutcome, settled: number) {
    close(settled)
    showToast(
      outcome.status === "succeeded"
        ? {
            tone: "done",
            title: `${formatUsd(outcome.amountNanos)} added.`,
            link: outcome.receiptUrl ? { href: outcome.receiptUrl, label: "View receipt" } : null,
          }
        : { tone: "under-way", title: "Payment is processing. Your balance updates when it completes." },
    )
    router.refresh()
    onPurchased?.(outcome)
  }

  const prefetch = () => void importDialog().catch(() => undefined)
  return (
    <div className="flex flex-col items-end gap-2">
      <Button
        aria-haspopup="dialog"
        onClick={open}
        onFocus={prefetch}
        onPointerEnter={prefetch}
        pending={loading === "yes"}
        ref={button}
        variant="primary"
      >
        Purchase credits
      </Button>
      {loading === "failed" && (
        <p className="text-right text-caption text-danger" role="alert">
          The purchase form couldn’t be loaded. Check your connection, then try again.
        </p>
      )}
      <noscript>
        <p className="text-right text-caption text-muted">Purchasing needs JavaScript.</p>
      </noscript>
      {Dialog && (
        <Dialog
          actions={actions}
          buttonRef={button}
          key={opening.count}
          onClose={() => close(opening.count)}
          onPurchased={(outcome) => settle(outcome, opening.count)}
          open={opening.open}
          pool={pool}
          stripe={stripe}
        />
      )}
    </div>
  )
}
