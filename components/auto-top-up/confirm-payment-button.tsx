"use client"

import { useRouter } from "next/navigation"
import type { ConfirmActions } from "@/components/auto-top-up/auto-top-up-types"
import { loadStripeOnce } from "@/components/stripe/load-stripe"
import type { StripeConfig } from "@/components/stripe/stripe-config"
import { Button } from "@/components/ui/button"
import { showToast } from "@/components/ui/show-toast"
import { useAction } from "@/components/ui/use-action"
import { formatUsd } from "@/lib/money/usd"

type ConfirmPaymentButtonProps = { poolId: string; stripe: StripeConfig; actions: ConfirmActions }

const UNREACHABLE =
  "Your bank’s page couldn’t be opened. Check your connection or ad blocker, then try again."
const OVER = "This payment has ended. Nothing was charged."

/** Asks a person the bank's question, for the payment that waits for it. */
export function ConfirmPaymentButton({ poolId, stripe: config, actions }: ConfirmPaymentButtonProps) {
  const router = useRouter()
  const { pending, refusal, call } = useAction(
    async () => {
      const problem = await confirm()
      return problem === null
        ? { ok: true as const, value: null }
        : { ok: false as const, code: "not_confirmed", message: problem }
    },
    { unreachable: UNREACHABLE },
  )

  async function confirm(): Promise<string | null> {
    const [asked, stripe] = await Promise.all([
      actions.readAuthentication({ poolId }).catch(() => null),
      loadStripeOnce(config).catch(() => null),
    ])
    if (!stripe || !asked) return UNREACHABLE
    if (!asked.ok) return asked.message
    if (!asked.value) return OVER
    const { clientSecret, paymentMethodId } = asked.value
    // A wallet may leave for its own page, and returns to this one.
    const { error } = await stripe.confirmPayment({
      clientSecret,
      redirect: "if_required",
      confirmParams: {
        return_url: window.location.href,
        ...(paymentMethodId && { payment_method: paymentMethodId }),
      },
    })
    const finished = await actions.finishAuthentication({ poolId }).catch(() => null)
    const added = finished?.ok ? finished.value.creditedNanos : null
    if (added !== null) showToast({ tone: "done", title: `Payment confirmed. ${formatUsd(added)} added.` })
    router.refresh()
    return error ? (error.message ?? "The bank didn’t confirm the payment. Nothing was charged.") : null
  }

  return (
    <>
      <Button onClick={() => void call()} pending={pending} size="small">
        Confirm payment
      </Button>
      {refusal && (
        <p className="basis-full text-danger" role="alert">
          {refusal.message}
        </p>
      )}
    </>
  )
}
