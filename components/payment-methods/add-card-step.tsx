"use client"

import type { AddingActions } from "@/components/payment-methods/payment-method-types"
import { useAddingFlow } from "@/components/payment-methods/use-adding-flow"
import type { StripeConfig } from "@/components/stripe/stripe-config"
import { Button } from "@/components/ui/button"
import { Notice } from "@/components/ui/notice"
import { Skeleton } from "@/components/ui/skeleton"
import type { FinishedAdding } from "@/lib/payment-methods/schema"

export type SavedCard = Extract<FinishedAdding, { status: "saved" }>

type AddCardStepProps = {
  actions: AddingActions
  stripe: StripeConfig
  hasDefault: boolean
  onPendingChange: (pending: boolean) => void
  onCancel: () => void
  /** Null when it was saved at Stripe but our server couldn't be asked. */
  onSaved: (saved: SavedCard | null, askedForDefault: boolean) => void
}

/** The content of a dialog that adds one card. Mount it with a new key to begin again. */
export function AddCardStep(props: AddCardStepProps) {
  const { actions, stripe, hasDefault, onPendingChange, onCancel, onSaved } = props
  const { state, retry, finish } = useAddingFlow({ actions, stripeConfig: stripe })
  if (state.name === "failed")
    return (
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
    )
  if (state.name === "opening")
    return (
      <div aria-busy="true" className="flex flex-col gap-4">
        <FieldsSkeleton />
        <Skeleton className="h-11 sm:ml-auto sm:h-10 sm:w-56" />
      </div>
    )
  return (
    <state.Form
      clientSecret={state.clientSecret}
      hasDefault={hasDefault}
      onCancel={onCancel}
      onConfirmed={(setupIntentId, makeDefault) =>
        finish({ setupIntentId, makeDefault }, (saved) => onSaved(saved, makeDefault))
      }
      onLoadFailed={state.onLoadFailed}
      onPendingChange={onPendingChange}
      skeleton={<FieldsSkeleton />}
      stripe={state.stripe}
    />
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
