import Stripe from "stripe"
import { type Env, env } from "@/lib/env"

// Per copy of the module, not per process: Next bundles several, and an error of Stripe's SDK is only an instance of
// its own copy's classes.
const clients = new WeakMap<Env, Stripe>()

/**
 * Returns Stripe's SDK with limits that a page can wait for: by default one call may last four minutes. Only this
 * folder talks to it.
 */
export function stripe(): Stripe {
  const of = env()
  const client = clients.get(of) ?? connectStripe(of)
  clients.set(of, client)
  return client
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
    port: base.port || (base.protocol === "https:" ? 443 : 80),
    protocol: base.protocol === "https:" ? "https" : "http",
  })
}
