import { planOf, requireRecurring } from "../objects/price"
import { itemOf } from "../objects/subscription"
import type {
  Period,
  WireInvoice,
  WireInvoiceLine,
  WirePrice,
  WireSubscription,
  WireSubscriptionItem,
} from "../world/billing-tables"
import type { World } from "../world/world"
import { collectInvoice, defaultMethodOf } from "./collect"
import { payNow } from "./create-subscription"
import { applyBalance, draftInvoice, finalizeInvoice, linkPayment, markPaid, parentFields } from "./invoices"
import { changeSubscription, withItem } from "./lifecycle"
import { amountOf, pendingTotal, periodLine, prorationLine, takePendingLines } from "./lines"
import { recoverSubscription } from "./outcomes"
import { periodAt, prorate } from "./periods"
import { releaseSchedule } from "./schedules"

export interface PlanChange {
  price: WirePrice
  quantity: number
  /** The rhythm starts anew now. Another interval does that by itself. */
  resetsAnchor: boolean
  prorations: "always_invoice" | "create_prorations" | "none"
  payment: "allow_incomplete" | "default_incomplete" | "error_if_incomplete"
  offSession: boolean
}

interface Consequence {
  item: WireSubscriptionItem
  anchor: number
  lines: WireInvoiceLine[]
  invoicedNow: boolean
}

function isSameRhythm(a: WirePrice, b: WirePrice): boolean {
  const [one, other] = [requireRecurring(a), requireRecurring(b)]
  return one.interval === other.interval && one.interval_count === other.interval_count
}

/** Returns what a change of plan would do: the item after it, and what is credited and charged for it. */
export function consequenceOf(world: World, subscription: WireSubscription, change: PlanChange): Consequence {
  const now = world.clock.now()
  const before = itemOf(subscription)
  const { price, quantity } = change
  const restarts = change.resetsAnchor || !isSameRhythm(before.price, price)
  const anchor = restarts ? now : subscription.billing_cycle_anchor
  const old: Period = { start: before.current_period_start, end: before.current_period_end }
  const period = restarts ? periodAt(anchor, requireRecurring(price), now) : old
  const item = {
    ...before,
    price,
    plan: planOf(price),
    quantity,
    current_period_start: period.start,
    current_period_end: period.end,
  }
  const isChanged = price.id !== before.price.id || quantity !== before.quantity
  const prorates =
    change.prorations !== "none" && (isChanged || restarts) && subscription.status !== "trialing"
  const lines: WireInvoiceLine[] = []
  if (prorates) {
    const rest = { start: now, end: old.end }
    const unused = prorate(amountOf(before.price, before.quantity ?? 1), old, now)
    const used = { item, period: rest, price: before.price, quantity: before.quantity ?? 1 }
    lines.push(prorationLine(world, { ...used, amount: -unused }))
    const amount = prorate(amountOf(price, quantity), old, now)
    if (!restarts) lines.push(prorationLine(world, { item, period: rest, price, quantity, amount }))
  }
  if (restarts) lines.push(periodLine(world, { item, period }))
  return {
    item,
    anchor,
    lines,
    invoicedNow: restarts || (prorates && change.prorations === "always_invoice"),
  }
}

/** Returns what the customer would have to pay at once. */
export function dueNow(world: World, subscription: WireSubscription, of: Consequence): number {
  if (!of.invoicedNow) return 0
  const total = of.lines.reduce((sum, line) => sum + line.amount, pendingTotal(world, subscription))
  return applyBalance(total, world.store.get("customer", subscription.customer)?.balance ?? 0).due
}

export function changePlan(
  world: World,
  subscription: WireSubscription,
  change: PlanChange,
  more: Partial<WireSubscription> = {},
): void {
  const consequence = consequenceOf(world, subscription, change)
  const due = dueNow(world, subscription, consequence)
  const { default_payment_method: own = subscription.default_payment_method } = more
  const method = defaultMethodOf(world, subscription.customer, own)
  const paid =
    change.payment === "error_if_incomplete" && due > 0
      ? payNow(world, {
          amount_due: due,
          currency: subscription.currency,
          customer: subscription.customer,
          billing_reason: "subscription_update",
          method,
        })
      : null
  if (subscription.schedule) releaseSchedule(world, subscription)
  const { item, anchor, lines, invoicedNow } = consequence
  const invoice = invoicedNow ? updateInvoice(world, subscription, lines) : null
  if (!invoice) keepForLater(world, subscription, lines)
  changeSubscription(world, subscription, {
    ...more,
    ...withItem(subscription, item),
    billing_cycle_anchor: anchor,
    ...(invoice ? { latest_invoice: invoice.id } : {}),
    ...(subscription.status === "trialing" && anchor !== subscription.billing_cycle_anchor
      ? { status: "active", trial_end: world.clock.now() }
      : {}),
  })
  world.agenda.add("subscription_period", subscription.id, item.current_period_end)
  if (!invoice) return
  finalizeInvoice(world, invoice)
  if (paid) {
    linkPayment(world, invoice, paid)
    markPaid(world, invoice)
    recoverSubscription(world, invoice)
  } else if (change.payment !== "default_incomplete" || invoice.amount_due === 0) {
    collectInvoice(world, invoice, { method, offSession: change.offSession, automatic: true })
  }
}

function updateInvoice(world: World, subscription: WireSubscription, lines: WireInvoiceLine[]): WireInvoice {
  const item = itemOf(subscription)
  return draftInvoice(world, {
    customer: world.store.get("customer", subscription.customer) ?? null,
    currency: subscription.currency,
    lines: [...takePendingLines(world, subscription), ...lines],
    fields: {
      billing_reason: "subscription_update",
      period_start: item.current_period_start,
      period_end: world.clock.now(),
      ...parentFields(subscription),
    },
  })
}

function keepForLater(world: World, subscription: WireSubscription, lines: WireInvoiceLine[]): void {
  for (const line of lines) {
    world.store.put("pending_line", {
      id: line.id,
      created: world.clock.now(),
      subscription: subscription.id,
      line,
    })
  }
}
