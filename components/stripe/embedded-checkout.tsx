"use client"

import { EmbeddedCheckout as Checkout, EmbeddedCheckoutProvider } from "@stripe/react-stripe-js"
import type { Stripe } from "@stripe/stripe-js"
import { useState } from "react"

export type EmbeddedCheckoutProps = { stripe: Stripe; clientSecret: string; onComplete: () => void }

export function EmbeddedCheckout({ stripe, clientSecret, onComplete }: EmbeddedCheckoutProps) {
  // Stripe refuses options that change after the first render.
  const [options] = useState({ clientSecret, onComplete })
  return (
    <EmbeddedCheckoutProvider options={options} stripe={stripe}>
      <Checkout />
    </EmbeddedCheckoutProvider>
  )
}
