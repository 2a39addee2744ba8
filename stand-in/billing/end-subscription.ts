import { hasEnded, itemOf } from "../objects/subscription"
import type { WireSubscription } from "../world/billing-tables"
import { emit } from "../world/events"
import type { World } from "../world/world"
import { changeSubscription } from "./lifecycle"
import { takePendingLines } from "./lines"
import { releaseSchedule } from "./schedules"
import { voidInvoice } from "./void-invoice"

type Reason = "cancellation_requested" | "payment_failed"

export const FEEDBACK = [
  "customer_service",
  "low_quality",
  "missing_features",
  "other",
  "switched_service",
  "too_complex",
  "too_expensive",
  "unused",
] as const

export interface CancellationWords {
  comment?: string | null
  feedback?: (typeof FEEDBACK)[number] | null
}

/** Nobody paid the first invoice in time. */
export function expireIncomplete(world: World, subscription: WireSubscription): void {
  if (subscription.status !== "incomplete") return
  voidFirstInvoice(world, subscription)
  changeSubscription(world, subscription, { status: "incomplete_expired", ended_at: world.clock.now() })
}

function voidFirstInvoice(world: World, subscription: WireSubscription): void {
  const invoice = world.store.get("invoice", String(subscription.latest_invoice))
  if (invoice?.status === "open") voidInvoice(world, invoice)
}

/** Cancels for good and at once: by the API, at the end of a period, or because nobody paid. */
export function endSubscription(
  world: World,
  subscription: WireSubscription,
  reason: Reason,
  details: CancellationWords = {},
): void {
  if (hasEnded(subscription)) return
  if (subscription.status === "incomplete") voidFirstInvoice(world, subscription)
  if (subscription.schedule) releaseSchedule(world, subscription)
  takePendingLines(world, subscription)
  for (const invoice of world.store.where("invoice", "subscription", subscription.id)) {
    if (invoice.status === "open") {
      world.store.change("invoice", invoice, { auto_advance: false, next_payment_attempt: null })
    }
  }
  const now = world.clock.now()
  const before = subscription.cancellation_details
  world.store.change("subscription", subscription, {
    status: "canceled",
    canceled_at: subscription.canceled_at ?? now,
    ended_at: now,
    cancellation_details: {
      comment: details.comment ?? before?.comment ?? null,
      feedback: details.feedback ?? before?.feedback ?? null,
      feedback_option: null,
      reason,
    },
  })
  emit(world, "customer.subscription.deleted", subscription)
}

/** Returns what changes when a subscription is to end with its period, or to continue after all. */
export function cancellationFields(
  world: World,
  subscription: WireSubscription,
  cancel: boolean,
  details: CancellationWords = {},
): Partial<WireSubscription> {
  return {
    cancel_at: cancel ? itemOf(subscription).current_period_end : null,
    cancel_at_period_end: cancel,
    canceled_at: cancel ? world.clock.now() : null,
    cancellation_details: {
      comment: details.comment ?? null,
      feedback: details.feedback ?? null,
      feedback_option: null,
      reason: cancel ? "cancellation_requested" : null,
    },
  }
}
