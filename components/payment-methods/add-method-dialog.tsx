"use client"

import { type RefObject, useState } from "react"
import { AddCardStep, type SavedCard } from "@/components/payment-methods/add-card-step"
import type { AddingActions } from "@/components/payment-methods/payment-method-types"
import type { StripeConfig } from "@/components/stripe/stripe-config"
import { Dialog } from "@/components/ui/dialog"

export type AddMethodDialogProps = {
  open: boolean
  actions: AddingActions
  stripe: StripeConfig
  hasDefault: boolean
  buttonRef: RefObject<HTMLButtonElement | null>
  onClose: () => void
  /** Null: saved at Stripe, but our server couldn't be asked. */
  onSaved: (saved: SavedCard | null, askedForDefault: boolean) => void
}

/** Mount it anew (by key) for each opening: an opening adds one card. */
export function AddMethodDialog(props: AddMethodDialogProps) {
  const { open, actions, stripe, hasDefault, buttonRef, onClose, onSaved } = props
  const [pending, setPending] = useState(false)
  return (
    <Dialog
      address="add-payment-method"
      // The bank's page may lie over it, and what is typed here can't be had again.
      closesOnOutsidePress={false}
      description="Stripe keeps the card number; we never see it"
      finalFocus={buttonRef}
      onOpenChange={(nextOpen) => {
        // A card that is being saved must find the dialog open, so that the person learns what became of it.
        if (!nextOpen && !pending) onClose()
      }}
      open={open}
      title="Add payment method"
    >
      <AddCardStep
        actions={actions}
        hasDefault={hasDefault}
        onCancel={onClose}
        onPendingChange={setPending}
        onSaved={onSaved}
        pending={pending}
        stripe={stripe}
      />
    </Dialog>
  )
}
