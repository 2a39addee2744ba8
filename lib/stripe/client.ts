import Stripe from "stripe"
import { env } from "@/lib/env"
import { perProcess } from "@/lib/per-process"

/**
 * Stripe's SDK with the limits that a page can wait for: its own defaults let one call last four minutes. Only this
 * folder talks to it.
 */
export function stripe(): Stripe {
  return perProcess("stripe", () => connectStripe(env()))
}

export function connectStripe(options: { STRIPE_SECRET_KEY: string; STRIPE_API_BASE?: string }): Stripe {
  const limits = {
    timeout: 10_000,
    maxNetworkRetries: 1,
    telemetry: false,
    apiVersion: Stripe.API_VERSION,
  } as const
  if (!options.STRIPE_API_BASE) return new Stripe(options.STRIPE_SECRET_KEY, limits)
  const base = new URL(options.STRIPE_API_BASE)
  return new Stripe(options.STRIPE_SECRET_KEY, {
    ...limits,
    host: base.hostname,
    port: base.port || 80,
    protocol: "http",
  })
}
