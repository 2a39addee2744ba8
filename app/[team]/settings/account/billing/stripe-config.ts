import type { StripeConfig } from "@/components/stripe/stripe-config"
import { env } from "@/lib/env"

/** The settings with which a browser loads Stripe's parts. */
export function stripeConfig(): StripeConfig {
  const { STRIPE_PUBLISHABLE_KEY, STRIPE_JS_URL } = env()
  return { publishableKey: STRIPE_PUBLISHABLE_KEY, stripeJsUrl: STRIPE_JS_URL ?? null }
}
