"use client"

import { type RefObject, useState } from "react"
import type { AddingActions } from "@/components/payment-methods/payment-method-types"
import { useAddingFlow } from "@/components/payment-methods/use-adding-flow"
import type { StripeConfig } from "@/components/stripe/stripe-config"
import { Button } from "@/components/ui/button"
import { Dialog } from "@/components/ui/dialog"
import { Notice } from "@/components/ui/notice"
import { Skeleton } from "@/components/ui/skeleton"
import type { FinishedAdding } from "@/lib/payment-methods/schema"

export type AddMethodDialogProps = {
  open: boolean
  actions: AddingActions
  stripe: StripeConfig
  hasDefault: boolean
  buttonRef: RefObject<HTMLButtonElement | null>
  onClose: () => void
  /** Null: saved at Stripe, but our server couldn't be asked. */
  onSaved: (saved: Extract<FinishedAdding, { status: "saved" }> | null, askedForDefault: boolean) => void
}

/** Mount it anew (by key) for each opening: an opening adds one card. */
export function AddMethodDialog(props: AddMethodDialogProps) {
  const { open, actions, stripe, hasDefault, buttonRef, onClose, onSaved } = props
  const [pending, setPending] = useState(false)
  const { state, retry, finish } = useAddingFlow({ actions, stripeConfig: stripe })
  return (
    <Dialog
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
      {state.name === "failed" && (
        <Notice
          action={
            <Button onClick={retry} size="small">
              Try again
            </Button>
          }
          announce
          tone="danger"
        >
          {state.message}
        </Notice>
      )}
      {state.name === "opening" && (
        <div aria-busy="true" className="flex flex-col gap-4">
          <FieldsSkeleton />
          <Skeleton className="h-11 sm:ml-auto sm:h-10 sm:w-56" />
        </div>
      )}
      {state.name === "form" && (
        <state.Form
          clientSecret={state.clientSecret}
          hasDefault={hasDefault}
          onCancel={onClose}
          onConfirmed={(setupIntentId, makeDefault) =>
            finish({ setupIntentId, makeDefault }, (saved) => onSaved(saved, makeDefault))
          }
          onLoadFailed={state.onLoadFailed}
          onPendingChange={setPending}
          pending={pending}
          skeleton={<FieldsSkeleton />}
          stripe={state.stripe}
        />
      )}
    </Dialog>
  )
}

function FieldsSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <p className="sr-only" role="status">
        Loading the card form
      </p>
      <div className="flex flex-col gap-2">
        <Skeleton className="h-5 w-24" />
        <Skeleton className="h-11" />
      </div>
      <div className="grid grid-cols-2 gap-3">
        {["expiry", "cvc"].map((field) => (
          <div className="flex flex-col gap-2" key={field}>
            <Skeleton className="h-5 w-20" />
            <Skeleton className="h-11" />
          </div>
        ))}
      </div>
    </div>
  )
}
