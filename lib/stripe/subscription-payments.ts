import type Stripe from "stripe"
import { stripe } from "./client"
import { asReadOutcome, type Missing, type Unanswered } from "./outcome"

/** Subscriptions that still charge the customer, or will once there is a payment method. */
const LIVE: ReadonlySet<string> = new Set([
  "active",
  "trialing",
  "past_due",
  "unpaid",
  "paused",
  "incomplete",
])

export type SubscriptionPayments = {
  kind: "found"
  /** Whether a subscription of the customer still wants to be paid. */
  hasLive: boolean
  /** The payment methods that live subscriptions name themselves instead of following the customer's default. */
  ownPaymentMethodIds: string[]
}

export async function readSubscriptionPayments(
  customerId: string,
): Promise<SubscriptionPayments | Missing | Unanswered> {
  return asReadOutcome("read subscription payments", async () => {
    const live = await listLive(customerId)
    const ownPaymentMethodIds = live.flatMap((subscription) => ownPaymentMethodOf(subscription) ?? [])
    return { kind: "found", hasLive: live.length > 0, ownPaymentMethodIds }
  })
}

/**
 * Part of setting a customer's default: a subscription that names its own payment method would keep charging that
 * one. The others follow the customer.
 */
export async function payLiveSubscriptionsWith(customerId: string, paymentMethodId: string): Promise<void> {
  for (const subscription of await listLive(customerId)) {
    const own = ownPaymentMethodOf(subscription)
    if (own !== null && own !== paymentMethodId)
      await stripe().subscriptions.update(subscription.id, { default_payment_method: paymentMethodId })
  }
}

async function listLive(customerId: string): Promise<Stripe.Subscription[]> {
  const live: Stripe.Subscription[] = []
  for await (const subscription of stripe().subscriptions.list({ customer: customerId, limit: 100 }))
    if (LIVE.has(subscription.status)) live.push(subscription)
  return live
}

function ownPaymentMethodOf({ default_payment_method: own }: Stripe.Subscription): string | null {
  return typeof own === "string" ? own : (own?.id ?? null)
}
