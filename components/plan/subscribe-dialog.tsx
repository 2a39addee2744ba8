"use client"

import type { RefObject } from "react"
import { PlanChoice } from "@/components/plan/plan-choice"
import type { SubscribeOffer } from "@/components/plan/plan-types"
import { membersInWords } from "@/components/plan/plan-words"
import { useSubscribeFlow } from "@/components/plan/use-subscribe-flow"
import { CheckoutStep } from "@/components/stripe/checkout-step"
import { Button } from "@/components/ui/button"
import { Dialog } from "@/components/ui/dialog"
import { Notice } from "@/components/ui/notice"
import type { SubscriptionProgress } from "@/lib/billing/schema"
import { formatUsd } from "@/lib/money/usd"

export type SubscribeDialogProps = {
  open: boolean
  offer: SubscribeOffer
  buttonRef: RefObject<HTMLButtonElement | null>
  onClose: () => void
  onSettled: (progress: SubscriptionProgress) => void
}

/** Mount it with a new key for each opening. A checkout closed unpaid is the same one when opened again. */
export function SubscribeDialog({ open, offer, buttonRef, onClose, onSettled }: SubscribeDialogProps) {
  const flow = useSubscribeFlow({ offer, onSettled })
  const { step, plan } = flow
  const chosen = offer.options.find((option) => option.plan === plan)
  const totalNanos = chosen ? chosen.monthlyNanos * BigInt(offer.quantity) : null
  return (
    <Dialog
      address="upgrade"
      closesOnOutsidePress={step.name === "choose"}
      description="Each member gets these allowances."
      finalFocus={buttonRef}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      open={open}
      title="Upgrade your plan"
    >
      {step.name === "choose" ? (
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            void flow.start()
          }}
        >
          <PlanChoice
            chosen={plan}
            onChoose={flow.choose}
            options={offer.options}
            supportHref={offer.supportHref}
          />
          {chosen && totalNanos !== null && (
            <dl className="flex flex-wrap items-baseline justify-between gap-x-4 rounded-control bg-sunken px-4 py-3">
              <dt className="text-muted">
                {membersInWords(offer.quantity)} × {formatUsd(chosen.monthlyNanos)}
              </dt>
              <dd className="font-semibold tabular-nums">{formatUsd(totalNanos)} per month</dd>
            </dl>
          )}
          <p className="text-caption text-muted">
            Renews each month until you cancel. If you cancel, the plan runs to the end of the paid month.
            Credits you bought are kept.
          </p>
          {flow.problem && (
            <Notice announce tone="danger">
              {flow.problem}
            </Notice>
          )}
          <div className="flex justify-end gap-3 max-sm:flex-col-reverse">
            <Button onClick={onClose}>Cancel</Button>
            <Button pending={flow.starting} type="submit" variant="primary">
              {totalNanos === null ? "Subscribe" : `Subscribe · ${formatUsd(totalNanos)} per month`}
            </Button>
          </div>
        </form>
      ) : (
        <CheckoutStep
          clientSecret={step.name === "checkout" ? step.clientSecret : null}
          confirming={step.name === "confirming"}
          onBack={flow.back}
          onComplete={flow.complete}
          stripeConfig={offer.stripe}
        />
      )}
    </Dialog>
  )
}
