"use client"

import type { Stripe } from "@stripe/stripe-js"
import { type ComponentType, useEffect, useRef, useState } from "react"
import type { EmbeddedCheckoutProps } from "@/components/stripe/embedded-checkout"
import { loadStripeOnce } from "@/components/stripe/load-stripe"
import type { StripeConfig } from "@/components/stripe/stripe-config"
import { Button } from "@/components/ui/button"
import { Icon, Spinner } from "@/components/ui/icon"
import { Notice } from "@/components/ui/notice"
import { Skeleton } from "@/components/ui/skeleton"

type CheckoutStepProps = {
  stripeConfig: StripeConfig
  clientSecret: string | null
  /** Paid, and waiting for the server to confirm it. */
  confirming: boolean
  onComplete: () => void
  onBack: () => void
}

export function CheckoutStep({
  stripeConfig,
  clientSecret,
  confirming,
  onComplete,
  onBack,
}: CheckoutStepProps) {
  if (confirming || !clientSecret) {
    return (
      <div
        className="grid min-h-[36rem] place-content-center justify-items-center gap-3 text-muted"
        role="status"
      >
        <Spinner className="size-6" />
        Confirming your payment
      </div>
    )
  }
  return (
    <div className="flex flex-col gap-3">
      <div>
        <Button className="-ml-3" onClick={onBack} size="small" variant="ghost">
          <Icon name="back" />
          Back
        </Button>
      </div>
      <Checkout clientSecret={clientSecret} onComplete={onComplete} stripeConfig={stripeConfig} />
    </div>
  )
}

type LoadedCheckout = { Embedded: ComponentType<EmbeddedCheckoutProps>; stripe: Stripe }

function Checkout({
  stripeConfig,
  clientSecret,
  onComplete,
}: Pick<CheckoutStepProps, "stripeConfig" | "onComplete"> & { clientSecret: string }) {
  const [loaded, setLoaded] = useState<LoadedCheckout | "failed" | null>(null)
  const [attempt, setAttempt] = useState(1)
  const { publishableKey, stripeJsUrl } = stripeConfig

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt is what starts the loading again
  useEffect(() => {
    let mounted = true
    Promise.all([
      import("@/components/stripe/embedded-checkout"),
      loadStripeOnce({ publishableKey, stripeJsUrl }),
    ]).then(
      ([{ EmbeddedCheckout }, stripe]) => mounted && setLoaded({ Embedded: EmbeddedCheckout, stripe }),
      () => mounted && setLoaded("failed"),
    )
    return () => {
      mounted = false
    }
  }, [attempt, publishableKey, stripeJsUrl])

  if (loaded === "failed") {
    return (
      <Notice
        action={
          <Button
            onClick={() => {
              setLoaded(null)
              setAttempt(attempt + 1)
            }}
            size="small"
          >
            Try again
          </Button>
        }
        announce
        tone="danger"
      >
        The payment form couldn’t be loaded. Check your connection or ad blocker, then try again.
      </Notice>
    )
  }
  return (
    <CheckoutFrame>
      {loaded && (
        <loaded.Embedded clientSecret={clientSecret} onComplete={onComplete} stripe={loaded.stripe} />
      )}
    </CheckoutFrame>
  )
}

/** White in both themes, like Stripe's form. The skeleton lies under it until the form has a height. */
function CheckoutFrame({ children }: { children: React.ReactNode }) {
  const form = useRef<HTMLDivElement>(null)
  const [ready, setReady] = useState(false)

  useEffect(() => {
    if (!form.current) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.height > 100) setReady(true)
    })
    observer.observe(form.current)
    return () => observer.disconnect()
  }, [])

  return (
    <div aria-busy={!ready} className="relative min-h-[36rem]">
      {!ready && <CheckoutSkeleton />}
      <div
        className={
          ready ? "relative overflow-hidden rounded-control bg-white scheme-light" : "relative scheme-light"
        }
        ref={form}
      >
        {children}
      </div>
    </div>
  )
}

function CheckoutSkeleton() {
  return (
    <div className="pointer-events-none absolute inset-0 flex flex-col gap-4">
      <p className="sr-only" role="status">
        Loading the payment form
      </p>
      <Skeleton className="h-12" />
      <Skeleton className="h-5 w-32" />
      <Skeleton className="h-28" />
      <Skeleton className="h-5 w-40" />
      <Skeleton className="h-12" />
      <Skeleton className="h-24" />
      <Skeleton className="mt-auto h-12" />
    </div>
  )
}
