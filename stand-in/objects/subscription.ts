import { parameterMissingResource, resourceMissing } from "../notation/errors"
import { newId } from "../notation/ids"
import type { Period, WirePrice, WireSubscription, WireSubscriptionItem } from "../world/billing-tables"
import type { World } from "../world/world"
import { planOf } from "./price"

export interface NewSubscription {
  customer: string
  price: WirePrice
  quantity: number
  anchor: number
  period: Period
  fields: Partial<WireSubscription>
}

export function newSubscriptionItem(
  world: World,
  subscription: string,
  of: { price: WirePrice; quantity: number; period: Period },
): WireSubscriptionItem {
  return {
    id: newId("si"),
    object: "subscription_item",
    billing_thresholds: null,
    created: world.clock.now(),
    current_period_end: of.period.end,
    current_period_start: of.period.start,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: planOf(of.price),
    price: of.price,
    quantity: of.quantity,
    subscription,
    tax_rates: [],
  }
}

export function newSubscription(world: World, of: NewSubscription): WireSubscription {
  const id = newId("sub")
  return {
    id,
    object: "subscription",
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: of.anchor,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: "included" }, type: "flexible" },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: null,
    collection_method: "charge_automatically",
    created: world.clock.now(),
    currency: of.price.currency,
    customer: of.customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: "self" },
    },
    items: {
      object: "list",
      data: [newSubscriptionItem(world, id, of)],
      has_more: false,
      url: `/v1/subscription_items?subscription=${id}`,
    },
    latest_invoice: null,
    livemode: false,
    managed_payments: { enabled: false },
    metadata: {},
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: "off",
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: world.clock.now(),
    status: "incomplete",
    test_clock: null,
    transfer_data: null,
    trial_end: null,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: "create_invoice" },
    },
    trial_start: null,
    ...of.fields,
  }
}

export function requireSubscription(world: World, id: string): WireSubscription {
  const subscription = world.store.get("subscription", id)
  if (!subscription) throw resourceMissing("subscription", id)
  return subscription
}

export function requireSubscriptionParam(world: World, id: string, param: string): WireSubscription {
  const subscription = world.store.get("subscription", id)
  if (!subscription) throw parameterMissingResource("subscription", id, param)
  return subscription
}

/** The stand-in's subscriptions have one item. */
export function itemOf(subscription: WireSubscription): WireSubscriptionItem {
  const [item] = subscription.items.data
  if (!item) throw new Error(`Subscription ${subscription.id} has no item`)
  return item
}

/** Canceled and incomplete_expired are final. */
export function hasEnded({ status }: WireSubscription): boolean {
  return status === "canceled" || status === "incomplete_expired"
}
