import { recordInvoice } from "@/lib/billing/record-invoice"
import { recordCustomersSubscription, recordSubscription } from "@/lib/billing/record-subscription"
import { MINUTE_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import type { StripeEventStatus } from "@/lib/db/generated/enums"
import { alarm } from "@/lib/log"
import { recordDispute } from "@/lib/money-back/record-dispute"
import { recordFraudWarning } from "@/lib/money-back/record-fraud-warning"
import { recordRefund, recordRefundsOfCharge } from "@/lib/money-back/record-refund"
import { followCustomer } from "@/lib/payment-methods/follow-customer"
import { recordPayment } from "@/lib/purchases/record-payment"
import type { EventHandler, ReceivedEvent } from "@/lib/stripe/received-event"
import { within } from "@/lib/within"

/** Longer than the slowest handler, which makes two calls to Stripe, each tried twice for ten seconds. */
const TIMEOUT_MS = MINUTE_MS

/** Records what a checkout or payment has become: of a purchase, or of the plan if the checkout begins a subscription. */
const recordCheckout: EventHandler = async (ctx, event) => {
  const recorded = await recordPayment(ctx, event)
  if (typeof recorded === "string") return recorded
  return recordCustomersSubscription(ctx, { objectId: event.objectId, customerId: recorded.subscriptionOf })
}

/** The handlers of events, by the kind of the object that an event is about. */
const HANDLERS = new Map<string, EventHandler>([
  ["cs", recordCheckout],
  ["pi", recordCheckout],
  ["sub", recordSubscription],
  ["in", recordInvoice],
  // Charges and refunds without a card have prefixes of their own, and disputes were given a new one.
  ["ch", recordRefundsOfCharge],
  ["py", recordRefundsOfCharge],
  ["re", recordRefund],
  ["pyr", recordRefund],
  ["dp", recordDispute],
  ["du", recordDispute],
  ["issfr", recordFraudWarning],
  ["cus", followCustomer],
  ["pm", followCustomer],
  ["seti", followCustomer],
])

/**
 * Acts on everything that the inbox holds about one payment or one other object. Each object is handed to its handler once,
 * however many events announce it, and the result is recorded. One that can't be processed stays `failed` and in sight, and
 * delays no other: not even one that hangs, which would otherwise block a worker for good. Delivered again, it is tried again,
 * even after the queue has given up. Throws what failed.
 */
export async function processStripeEvents(
  ctx: { db: Db; now: Date },
  subjectId: string,
  timeoutMs = TIMEOUT_MS,
): Promise<void> {
  const outcomes: Outcome[] = []
  for (const { ids, ...event } of await listWaiting(ctx.db, subjectId)) {
    try {
      // A handler may still end after its time. All of them can safely run twice.
      outcomes.push({ ids, status: await within(timeoutMs, handle(ctx, event)) })
    } catch (error) {
      outcomes.push({ ids, status: "failed", error })
    }
  }
  await note(ctx, outcomes)
  const failure = outcomes.find(({ status }) => status === "failed")
  if (failure) throw failure.error
}

type Waiting = ReceivedEvent & { ids: string[] }

// One for each object, in the order of the handlers: a checkout takes one call where its payment alone takes two, and refunds
// and disputes come after their payment.
async function listWaiting(db: Db, subjectId: string): Promise<Waiting[]> {
  const waiting = await db.$queryRaw<Waiting[]>`
    SELECT object_id AS "objectId", max(customer_id) AS "customerId", array_agg(id) AS ids, min(id) AS id
    FROM stripe_events WHERE subject_id = ${subjectId} AND status IN ('received', 'failed') GROUP BY object_id`
  return waiting.sort((a, b) => rankOf(a.objectId) - rankOf(b.objectId))
}

type Outcome = { ids: string[]; status: StripeEventStatus; error?: unknown }

// One statement records all of them, and its commit doesn't wait for the disk: a crash has them done again, with the same
// result. Another process may have dealt with them meanwhile, and a failure here doesn't undo that.
async function note({ db, now }: { db: Db; now: Date }, outcomes: Outcome[]): Promise<void> {
  if (outcomes.length === 0) return
  const rows = outcomes.flatMap(({ ids, status, error }) =>
    ids.map((id) => ({ id, status, error: status === "failed" ? messageOf(error) : null })),
  )
  await db.$executeRaw`
    UPDATE stripe_events e SET status = o.status, attempts = e.attempts + 1, last_error = o.error,
      processed_at = CASE WHEN o.status <> 'failed' THEN ${now}::timestamptz END
    FROM unnest(${rows.map((row) => row.id)}::text[], ${rows.map((row) => row.status)}::stripe_event_status[],
        ${rows.map((row) => row.error)}::text[]) AS o (id, status, error),
      set_config('synchronous_commit', 'off', true)
    WHERE e.id = o.id AND (e.status IN ('received', 'failed') OR o.status <> 'failed')`
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

const kindOf = (objectId: string) => /^([a-z]+)_\w+$/.exec(objectId)?.[1] ?? ""

const rankOf = (objectId: string) => [...HANDLERS.keys()].indexOf(kindOf(objectId))

const handle: EventHandler = async (ctx, event) => {
  const handler = HANDLERS.get(kindOf(event.objectId))
  if (handler) return handler(ctx, event)
  alarm("event_without_handler", { event: event.id, object: event.objectId })
  return "ignored"
}
