import type Stripe from "stripe"
import { changeSubscription } from "../billing/lifecycle"
import { firstPeriod, startPaidSubscription, type Terms } from "../billing/start-subscription"
import { mergeMetadata } from "../notation/params"
import { requireCustomer } from "../objects/customer"
import type { CheckoutPlan, SubscriptionData, WireLineItem } from "../world/tables"
import type { World } from "../world/world"
import type { SessionParams } from "./session-params"

export function subscriptionDataOf(params: SessionParams): SubscriptionData {
  const data = params.subscription_data
  return {
    description: data?.description ?? null,
    metadata: mergeMetadata({}, data?.metadata),
    billing_cycle_anchor: data?.billing_cycle_anchor ?? null,
    proration_behavior: data?.proration_behavior ?? "create_prorations",
  }
}

function termsOf(items: WireLineItem[], data: SubscriptionData): Omit<Terms, "customer" | "fields"> {
  const [item] = items
  if (!item) throw new Error("A checkout of a subscription has a line item")
  return {
    price: item.price,
    quantity: item.quantity ?? 1,
    anchor: data.billing_cycle_anchor,
    prorates: data.proration_behavior !== "none",
    trialEnd: null,
  }
}

/** Returns what is paid today. */
export function firstAmount(world: World, items: WireLineItem[], data: SubscriptionData): number {
  return firstPeriod(world, termsOf(items, data)).amount
}

/** Creates the active subscription after the payment, with its paid invoice and the card that renews it. */
export function subscribe(
  world: World,
  session: Stripe.Checkout.Session,
  plan: CheckoutPlan,
  intent: Stripe.PaymentIntent,
): void {
  if (!plan.subscriptionData) return
  const { description, metadata } = plan.subscriptionData
  const card = typeof intent.payment_method === "string" ? intent.payment_method : null
  const { subscription, invoice } = startPaidSubscription(
    world,
    {
      ...termsOf(plan.lineItems, plan.subscriptionData),
      customer: requireCustomer(world, String(session.customer)),
      fields: { description, metadata },
    },
    intent,
  )
  changeSubscription(world, subscription, { default_payment_method: card })
  world.store.change("checkout_session", session, { invoice: invoice.id, subscription: subscription.id })
}
