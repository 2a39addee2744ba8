"use client"

import { useRouter } from "next/navigation"
import type { PurchaseActions, PurchaseOutcome, PurchasePool } from "@/components/credits/purchase-types"
import type { StripeConfig } from "@/components/stripe/stripe-config"
import { Button } from "@/components/ui/button"
import { showToast } from "@/components/ui/show-toast"
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
  const { buttonProps, Dialog, hasFailed, opening, isOpen, close } = useFetchedDialog(fetchDialog, "purchase")

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
