import { recordInvoice } from "@/lib/billing/record-invoice"
import { recordSubscription } from "@/lib/billing/record-subscription"
import { MINUTE_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import type { StripeEventStatus } from "@/lib/db/generated/enums"
import { recordDispute } from "@/lib/disputes/record-dispute"
import { alarm } from "@/lib/log"
import { followCustomer } from "@/lib/payment-methods/follow-customer"
import { recordPayment } from "@/lib/purchases/record-payment"
import { recordRefund, recordRefundsOfCharge } from "@/lib/refunds/record-refund"
import type { EventHandler, ReceivedEvent } from "@/lib/stripe/received-event"

/** Longer than a handler takes whose calls to Stripe all run into their own limits: two calls, tried twice for ten seconds. */
const TIMEOUT_MS = MINUTE_MS

/** Who acts on an event, by the kind of the object that it is about. */
const HANDLERS = new Map<string, EventHandler>([
  ["cs", recordPayment],
  ["pi", recordPayment],
  ["sub", recordSubscription],
  ["in", recordInvoice],
  // Charges and refunds of what isn't a card have prefixes of their own; disputes got a new one.
  ["ch", recordRefundsOfCharge],
  ["py", recordRefundsOfCharge],
  ["re", recordRefund],
  ["pyr", recordRefund],
  ["dp", recordDispute],
  ["du", recordDispute],
  ["cus", followCustomer],
  ["pm", followCustomer],
  ["seti", followCustomer],
])

/**
 * Acts on all that the inbox holds of one payment, or of one other object: reads each object once, however many events
 * announce it, hands it to whoever knows it, and notes how that ended. What can't be processed stays `failed` and in sight,
 * and keeps no other from it: not even one that hangs, which would otherwise hold one of the few workers for good.
 * Delivered again, it is tried again, also after the queue has given it up. Throws what failed.
 */
export async function processStripeEvents(
  ctx: { db: Db; now: Date },
  subjectId: string,
  timeoutMs = TIMEOUT_MS,
): Promise<void> {
  const failures: unknown[] = []
  for (const { ids, ...event } of await listWaiting(ctx.db, subjectId)) {
    try {
      const status = await within(timeoutMs, handle(ctx, event))
      await note(ctx.db, ids, { status, error: null, processedAt: ctx.now })
    } catch (error) {
      const lastError = error instanceof Error ? error.message : String(error)
      await note(ctx.db, ids, { status: "failed", error: lastError, processedAt: null })
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

type Waiting = ReceivedEvent & { ids: string[] }

// One for each object, in the order of the handlers: a checkout tells in one call what its payment alone tells in two, and
// refunds and disputes come after the payment that they are of.
async function listWaiting(db: Db, subjectId: string): Promise<Waiting[]> {
  const waiting = await db.$queryRaw<Waiting[]>`
    SELECT object_id AS "objectId", max(customer_id) AS "customerId", array_agg(id) AS ids, min(id) AS id
    FROM stripe_events WHERE subject_id = ${subjectId} AND status IN ('received', 'failed') GROUP BY object_id`
  return waiting.sort((a, b) => rankOf(a.objectId) - rankOf(b.objectId))
}

async function note(
  db: Db,
  ids: string[],
  {
    status,
    error,
    processedAt,
  }: { status: StripeEventStatus; error: string | null; processedAt: Date | null },
): Promise<void> {
  // Another process may have dealt with them meanwhile, which a failure here doesn't undo.
  await db.$executeRaw`
    UPDATE stripe_events SET status = ${status}::stripe_event_status, attempts = attempts + 1, last_error = ${error},
      processed_at = ${processedAt}
    WHERE id = ANY(${ids}) AND (status IN ('received', 'failed') OR ${status} <> 'failed')`
}

const kindOf = (objectId: string) => /^([a-z]+)_\w+$/.exec(objectId)?.[1] ?? ""

const rankOf = (objectId: string) => [...HANDLERS.keys()].indexOf(kindOf(objectId))

const handle: EventHandler = async (ctx, event) => {
  const handler = HANDLERS.get(kindOf(event.objectId))
  if (handler) return handler(ctx, event)
  alarm("event_without_handler", { event: event.id, object: event.objectId })
  return "ignored"
}

// What was begun may still end after its time; it is written so that it can be done twice.
async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Took longer than ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    return await Promise.race([work, timeUp])
  } finally {
    clearTimeout(timer)
  }
}
