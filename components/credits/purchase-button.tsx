"use client"

import { useRouter } from "next/navigation"
import { useEffect, useRef, useTransition } from "react"
import type { PurchaseActions, PurchaseOutcome, PurchasePool } from "@/components/credits/purchase-types"
import type { StripeConfig } from "@/components/stripe/stripe-config"
import { Button } from "@/components/ui/button"
import { showToast, type ToastMessage } from "@/components/ui/show-toast"
import { useFetchedDialog } from "@/components/ui/use-fetched-dialog"
import { formatUsd } from "@/lib/money/usd"

type PurchaseButtonProps = {
  pool: PurchasePool
  stripe: StripeConfig
  actions: PurchaseActions
  onPurchased?: (outcome: PurchaseOutcome) => void
}

const fetchDialog = async () => (await import("@/components/credits/purchase-dialog")).PurchaseDialog

export function PurchaseButton({ pool, stripe, actions, onPurchased }: PurchaseButtonProps) {
  const router = useRouter()
  const [isReading, startReading] = useTransition()
  const unsaid = useRef<ToastMessage | null>(null)
  const { buttonProps, Dialog, hasFailed, opening, isOpen, close } = useFetchedDialog(fetchDialog, "purchase")

  function settle(outcome: PurchaseOutcome, settled: number) {
    close(settled)
    unsaid.current = toastOf(outcome)
    startReading(() => router.refresh())
    onPurchased?.(outcome)
  }

  // Remarks on the balance come together with the balance.
  const isRead = !isReading
  useEffect(() => {
    const say = () => {
      if (unsaid.current) showToast(unsaid.current)
      unsaid.current = null
    }
    if (isRead) say()
    return isRead ? undefined : say
  }, [isRead])

  return (
    <div className="flex flex-col items-end gap-2">
      <Button {...buttonProps} variant="primary">
        Purchase Credits
      </Button>
      {hasFailed && (
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
          buttonRef={buttonProps.ref}
          key={opening}
          onClose={() => close(opening)}
          onPurchased={(outcome) => settle(outcome, opening)}
          open={isOpen}
          pool={pool}
          stripe={stripe}
        />
      )}
    </div>
  )
}

function toastOf(outcome: PurchaseOutcome): ToastMessage {
  if (outcome.status !== "succeeded")
    return { tone: "under-way", title: "Payment is processing. Your balance updates when it completes." }
  const { receiptUrl } = outcome
  return {
    tone: "done",
    title: `${formatUsd(outcome.amountNanos)} added.`,
    link: receiptUrl ? { href: receiptUrl, label: "View receipt" } : null,
  }
}
