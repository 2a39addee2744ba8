import { invalidRequest } from "../notation/errors"
import { itemOf } from "../objects/subscription"
import type { WireInvoice, WireSubscription } from "../world/billing-tables"
import type { World } from "../world/world"
import { defaultMethodOf } from "./collect"
import { draftInvoice, finalizeInvoice, parentFields } from "./invoices"
import { changeSubscription, withItem } from "./lifecycle"
import { periodLine } from "./lines"
import { markUncollectible } from "./mark-uncollectible"
import { periodAt } from "./periods"
import { voidInvoice } from "./void-invoice"

type PauseCollection = NonNullable<WireSubscription["pause_collection"]>

/** The subscription stays as it is, but nobody is charged. Announced as an update, unlike a pause of the whole. */
export function pauseCollection(world: World, id: string, pause: PauseCollection | null): void {
  if (pause?.resumes_at) world.agenda.add("collection_resume", id, pause.resumes_at)
}

export function resumeCollection(world: World, subscription: WireSubscription, atS: number): void {
  if (subscription.pause_collection?.resumes_at === atS)
    changeSubscription(world, subscription, { pause_collection: null })
}

/** Puts a period's invoice aside while nobody is charged. */
export function putAside(world: World, invoice: WireInvoice, { behavior }: PauseCollection): void {
  world.store.change("invoice", invoice, { auto_advance: false })
  if (behavior === "keep_as_draft") return
  finalizeInvoice(world, invoice)
  if (behavior === "void") voidInvoice(world, invoice)
  else markUncollectible(world, invoice)
}

/** Nothing is invoiced and no period passes until it is resumed. */
export function pauseSubscription(world: World, subscription: WireSubscription): void {
  if (!["active", "trialing", "past_due", "unpaid"].includes(subscription.status)) {
    throw invalidRequest(`A subscription with a status of ${subscription.status} can't be paused.`)
  }
  if (subscription.schedule) throw invalidRequest("Subscriptions with an attached schedule can't be paused.")
  changeSubscription(world, subscription, { status: "paused" })
}

/** Begins a period now, with its invoice ready to be paid. The caller collects it. */
export function resumptionInvoice(world: World, subscription: WireSubscription): WireInvoice {
  if (subscription.status !== "paused") {
    throw invalidRequest(`Only paused subscriptions can be resumed. This one is ${subscription.status}.`)
  }
  const now = world.clock.now()
  const { price } = itemOf(subscription)
  if (!price.recurring) throw new Error(`Subscription ${subscription.id} has no recurring price`)
  const period = periodAt(now, price.recurring, now)
  const renewed = {
    ...itemOf(subscription),
    current_period_start: period.start,
    current_period_end: period.end,
  }
  const invoice = draftInvoice(world, {
    customer: world.store.get("customer", subscription.customer) ?? null,
    currency: subscription.currency,
    lines: [periodLine(world, { item: renewed, period })],
    fields: { billing_reason: "subscription_update", ...parentFields(subscription) },
  })
  changeSubscription(world, subscription, {
    ...withItem(subscription, renewed),
    billing_cycle_anchor: now,
    latest_invoice: invoice.id,
  })
  world.agenda.add("subscription_period", subscription.id, period.end)
  finalizeInvoice(world, invoice)
  return invoice
}

/** A trial that ends without a card may pause or cancel its subscription instead of asking for money. */
export function endOfTrial(
  world: World,
  subscription: WireSubscription,
): "create_invoice" | "pause" | "cancel" {
  const own = subscription.default_payment_method
  if (subscription.status !== "trialing" || defaultMethodOf(world, subscription.customer, own)) {
    return "create_invoice"
  }
  const wanted = subscription.trial_settings?.end_behavior.missing_payment_method
  if (wanted === "pause") return "pause"
  return wanted === "cancel" ? "cancel" : "create_invoice"
}
