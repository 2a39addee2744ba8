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
  /** Null when it was saved at Stripe but our server couldn't be asked. */
  onSaved: (saved: SavedCard | null, askedForDefault: boolean) => void
}

/** Mount it with a new key for each opening: an opening adds one card. */
export function AddMethodDialog(props: AddMethodDialogProps) {
  const { open, actions, stripe, hasDefault, buttonRef, onClose, onSaved } = props
  const [pending, setPending] = useState(false)
  return (
    <Dialog
      address="add-payment-method"
      // The bank's page may lie over it, and what was typed here would be lost.
      closesOnOutsidePress={false}
      description="Stripe keeps the card number; we never see it"
      finalFocus={buttonRef}
      onOpenChange={(nextOpen) => {
        // The dialog stays open while a card is being saved, so that the person learns the outcome.
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
        stripe={stripe}
      />
    </Dialog>
  )
}
