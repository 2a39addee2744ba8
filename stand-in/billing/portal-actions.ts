import type Stripe from "stripe"
import { newSetupIntent } from "../objects/setup-intent"
import { hasEnded, itemOf } from "../objects/subscription"
import type { AttemptOutcome } from "../payments/payments"
import { attemptSetup } from "../payments/setup-attempts"
import type { WirePrice, WireSubscription } from "../world/billing-tables"
import { changedFields, emit } from "../world/events"
import type { World } from "../world/world"
import { changePlan, consequenceOf, dueNow, type PlanChange } from "./change-plan"
import { retryOwed } from "./hear"
import { changeSubscription } from "./lifecycle"
import { amountOf } from "./lines"
import type { Configuration } from "./portal-configuration"
import { schedulePriceAtPeriodEnd } from "./schedules"

/** The portal's default card becomes the customer's and that of all running subscriptions. */
export function makeDefault(world: World, customer: Stripe.Customer, method: string): void {
  const running = world.store.where("subscription", "customer", customer.id).filter((each) => !hasEnded(each))
  for (const subscription of running)
    changeSubscription(world, subscription, { default_payment_method: method })
  const before = structuredClone(customer)
  const invoice_settings = { ...customer.invoice_settings, default_payment_method: method }
  world.store.change("customer", customer, { invoice_settings })
  const previous = changedFields(before, customer)
  if (previous) emit(world, "customer.updated", customer, previous)
  for (const { id } of running) retryOwed(world, id)
}

/** Saves a card by its own SetupIntent. The bank may want to see the cardholder first. */
export function addCard(
  world: World,
  customer: Stripe.Customer,
  method: Stripe.PaymentMethod,
  returnUrl: string,
): { outcome: AttemptOutcome; intent: Stripe.SetupIntent } {
  const intent = newSetupIntent(world, { customer: customer.id, usage: "off_session" })
  world.store.put("setup_intent", intent)
  emit(world, "setup_intent.created", intent)
  world.store.change("payment_method", method, { allow_redisplay: "always" })
  return { outcome: attemptSetup(world, { intent, method, authenticated: false, returnUrl }), intent }
}

const LENGTH_OF: Record<string, number> = { day: 1, week: 7, month: 30, year: 365 }

function lengthOf({ recurring }: WirePrice): number {
  return (LENGTH_OF[recurring?.interval ?? "month"] ?? 30) * (recurring?.interval_count ?? 1)
}

/** Whether the configuration makes this change wait for the period's end. */
export function waitsForPeriodEnd(
  { features }: Configuration,
  subscription: WireSubscription,
  price: WirePrice,
): boolean {
  const { price: before, quantity = 1 } = itemOf(subscription)
  return features.subscription_update.schedule_at_period_end.conditions.some(({ type }) =>
    type === "decreasing_item_amount"
      ? amountOf(price, quantity) < amountOf(before, quantity)
      : lengthOf(price) < lengthOf(before),
  )
}

function changeTo(
  configuration: Configuration,
  subscription: WireSubscription,
  price: WirePrice,
): PlanChange {
  const { proration_behavior: prorations } = configuration.features.subscription_update
  return {
    price,
    quantity: itemOf(subscription).quantity ?? 1,
    resetsAnchor: false,
    prorations: prorations as PlanChange["prorations"],
    // The portal changes nothing until the card has paid.
    payment: "error_if_incomplete",
    offSession: true,
  }
}

/** Null: nothing now, the change waits for the period's end. */
export function previewChange(
  world: World,
  configuration: Configuration,
  subscription: WireSubscription,
  price: WirePrice,
): number | null {
  if (waitsForPeriodEnd(configuration, subscription, price)) return null
  const consequence = consequenceOf(world, subscription, changeTo(configuration, subscription, price))
  return dueNow(world, subscription, consequence)
}

export function confirmChange(
  world: World,
  configuration: Configuration,
  subscription: WireSubscription,
  price: WirePrice,
): void {
  if (waitsForPeriodEnd(configuration, subscription, price)) {
    schedulePriceAtPeriodEnd(world, subscription, price)
  } else changePlan(world, subscription, changeTo(configuration, subscription, price))
}
