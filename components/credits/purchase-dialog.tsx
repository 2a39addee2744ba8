"use client"

import { type RefObject, useEffect, useRef } from "react"
import { PurchaseAmountForm } from "@/components/credits/purchase-amount-form"
import type { PurchaseActions, PurchaseOutcome, PurchasePool } from "@/components/credits/purchase-types"
import { usePurchaseFlow } from "@/components/credits/use-purchase-flow"
import { CheckoutStep } from "@/components/stripe/checkout-step"
import type { StripeConfig } from "@/components/stripe/stripe-config"
import { Dialog } from "@/components/ui/dialog"

export type PurchaseDialogProps = {
  open: boolean
  pool: PurchasePool
  stripe: StripeConfig
  actions: PurchaseActions
  buttonRef: RefObject<HTMLButtonElement | null>
  onClose: () => void
  onPurchased: (outcome: PurchaseOutcome) => void
}

/** Mount it with a new key for each opening: an opening is one attempt to buy. */
export function PurchaseDialog({
  open,
  pool,
  stripe,
  actions,
  buttonRef,
  onClose,
  onPurchased,
}: PurchaseDialogProps) {
  const input = useRef<HTMLInputElement>(null)
  const flow = usePurchaseFlow({
    poolId: pool.id,
    actions,
    onInvalidAmount: () => input.current?.focus(),
    onSettled: onPurchased,
  })

  // Going into the checkout, the dialog takes the focus by itself. On the way back, the focus belongs in the field.
  const stepName = flow.step.name
  const lastStep = useRef(stepName)
  useEffect(() => {
    if (lastStep.current !== stepName && stepName === "amount") input.current?.focus()
    lastStep.current = stepName
  }, [stepName])

  function close() {
    flow.close()
    onClose()
  }

  return (
    <Dialog
      address="purchase"
      description={pool.ownerName ? `Adds to ${pool.ownerName}’s credits` : "Adds to your team’s credits"}
      finalFocus={buttonRef}
      initialFocus={input}
      onOpenChange={(nextOpen) => {
        if (!nextOpen) close()
      }}
      open={open}
      title="Purchase Credits"
    >
      {flow.step.name === "amount" ? (
        <PurchaseAmountForm
          amount={flow.amount}
          amountError={flow.amountError}
          balanceNanos={pool.balanceNanos}
          inputRef={input}
          onAmountBlur={flow.validateAmount}
          onAmountChange={flow.setAmount}
          onCancel={close}
          onSubmit={flow.start}
          problem={flow.problem}
          starting={flow.starting}
        />
      ) : (
        <CheckoutStep
          clientSecret={flow.step.name === "checkout" ? flow.step.clientSecret : null}
          confirming={flow.step.name === "confirming"}
          onBack={flow.backToAmount}
          onComplete={flow.complete}
          stripeConfig={stripe}
        />
      )}
    </Dialog>
  )
}
