"use client"

import { useRouter } from "next/navigation"
import type { AddingActions } from "@/components/payment-methods/payment-method-types"
import type { StripeConfig } from "@/components/stripe/stripe-config"
import { Button } from "@/components/ui/button"
import { showToast } from "@/components/ui/show-toast"
import { useFetchedDialog } from "@/components/ui/use-fetched-dialog"
import type { FinishedAdding } from "@/lib/payment-methods/schema"

type AddMethodButtonProps = {
  actions: AddingActions
  stripe: StripeConfig
  /** Whether there is already a default, so that there is a choice to make. */
  hasDefault: boolean
  /** In a notice, nothing else says what is added. */
  isInNotice?: boolean
}

const fetchDialog = async () =>
  (await import("@/components/payment-methods/add-method-dialog")).AddMethodDialog

export function AddMethodButton({ actions, stripe, hasDefault, isInNotice = false }: AddMethodButtonProps) {
  const router = useRouter()
  const { buttonProps, Dialog, hasFailed, opening, isOpen, close } = useFetchedDialog(
    fetchDialog,
    "add-payment-method",
  )

  function settle(saved: Extract<FinishedAdding, { status: "saved" }> | null, askedForDefault: boolean) {
    close()
    showToast(toastOf(saved, askedForDefault))
    router.refresh()
  }

  return (
    <div className="flex shrink-0 flex-col items-end gap-2">
      <Button {...buttonProps} size={isInNotice ? "small" : "medium"}>
        {isInNotice ? (
          "Add payment method"
        ) : (
          <>
            <span className="sm:hidden">Add</span>
            <span className="max-sm:hidden">Add payment method</span>
          </>
        )}
      </Button>
      {hasFailed && (
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
          buttonRef={buttonProps.ref}
          hasDefault={hasDefault}
          key={opening}
          onClose={() => close()}
          onSaved={settle}
          open={isOpen}
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
