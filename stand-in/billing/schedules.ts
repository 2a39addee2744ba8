import type Stripe from "stripe"
import { resourceMissing } from "../notation/errors"
import { newId } from "../notation/ids"
import { itemOf } from "../objects/subscription"
import type { Period, WirePrice, WireSubscription } from "../world/billing-tables"
import { emit } from "../world/events"
import type { World } from "../world/world"
import { changeSubscription } from "./lifecycle"
import { boundary } from "./periods"

type Phase = Stripe.SubscriptionSchedule.Phase

function phase(price: WirePrice, quantity: number, { start, end }: Period): Phase {
  return {
    add_invoice_items: [],
    application_fee_percent: null,
    billing_cycle_anchor: null,
    billing_thresholds: null,
    collection_method: null,
    currency: price.currency,
    default_payment_method: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    end_date: end,
    invoice_settings: null,
    items: [
      {
        billing_thresholds: null,
        discounts: [],
        metadata: {},
        plan: price.id,
        price: price.id,
        quantity,
        tax_rates: [],
      },
    ],
    metadata: {},
    on_behalf_of: null,
    proration_behavior: "none",
    start_date: start,
    transfer_data: null,
    trial_end: null,
  }
}

function newSchedule(
  world: World,
  subscription: WireSubscription,
  phases: Phase[],
  current: Period,
): Stripe.SubscriptionSchedule {
  return {
    id: newId("sub_sched"),
    object: "subscription_schedule",
    application: null,
    billing_mode: { flexible: { proration_discounts: "included" }, type: "flexible" },
    canceled_at: null,
    completed_at: null,
    created: world.clock.now(),
    current_phase: { end_date: current.end, start_date: current.start },
    customer: subscription.customer,
    customer_account: null,
    default_settings: {
      application_fee_percent: null,
      billing_cycle_anchor: "automatic",
      billing_thresholds: null,
      collection_method: "charge_automatically",
      default_payment_method: null,
      description: null,
      invoice_settings: {
        account_tax_ids: null,
        custom_fields: null,
        days_until_due: null,
        description: null,
        footer: null,
        issuer: { type: "self" },
      },
      on_behalf_of: null,
      transfer_data: null,
    },
    end_behavior: "release",
    livemode: false,
    metadata: {},
    pause_schedules: [],
    phases,
    released_at: null,
    released_subscription: null,
    status: "active",
    subscription: subscription.id,
    test_clock: null,
  }
}

/** The price changes with the next period. Everything stays until then. */
export function schedulePriceAtPeriodEnd(
  world: World,
  subscription: WireSubscription,
  price: WirePrice,
): Stripe.SubscriptionSchedule {
  if (subscription.schedule) releaseSchedule(world, subscription)
  const item = itemOf(subscription)
  const current = { start: item.current_period_start, end: item.current_period_end }
  const recurring = price.recurring ?? { interval: "month", interval_count: 1 }
  const next = { start: current.end, end: boundary(current.end, recurring, 1) }
  const quantity = item.quantity ?? 1
  const phases = [phase(item.price, quantity, current), phase(price, quantity, next)]
  const schedule = newSchedule(world, subscription, phases, current)
  world.store.put("subscription_schedule", schedule)
  emit(world, "subscription_schedule.created", schedule)
  changeSubscription(world, subscription, { schedule: schedule.id })
  return schedule
}

export function scheduleOf(world: World, subscription: WireSubscription): Stripe.SubscriptionSchedule | null {
  return world.store.get("subscription_schedule", String(subscription.schedule)) ?? null
}

/** Returns the price that a schedule sets for the next period. */
export function scheduledPrice(world: World, subscription: WireSubscription): WirePrice | null {
  const id = scheduleOf(world, subscription)?.phases[1]?.items[0]?.price
  return (id && world.store.get("price", String(id))) || null
}

/** The subscription continues by itself: as it is, or with what the schedule has just applied. */
export function releaseSchedule(world: World, subscription: WireSubscription): void {
  const schedule = scheduleOf(world, subscription)
  if (!schedule) return
  world.store.change("subscription_schedule", schedule, {
    current_phase: null,
    released_at: world.clock.now(),
    released_subscription: subscription.id,
    status: "released",
    subscription: null,
  })
  emit(world, "subscription_schedule.released", schedule)
  changeSubscription(world, subscription, { schedule: null })
}

/** Begins the next phase. Stripe keeps the schedule until that phase ends; here it is released at once. */
export function advanceSchedule(world: World, subscription: WireSubscription): void {
  const schedule = scheduleOf(world, subscription)
  const next = schedule?.phases[1]
  if (!schedule || !next) return
  const before = { current_phase: schedule.current_phase }
  const current_phase = { end_date: next.end_date, start_date: next.start_date }
  world.store.change("subscription_schedule", schedule, { current_phase })
  emit(world, "subscription_schedule.updated", schedule, before)
}

export function requireSchedule(world: World, id: string): Stripe.SubscriptionSchedule {
  const schedule = world.store.get("subscription_schedule", id)
  if (!schedule) throw resourceMissing("subscription schedule", id)
  return schedule
}
