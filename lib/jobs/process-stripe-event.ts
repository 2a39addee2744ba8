import { recordInvoice } from "@/lib/billing/record-invoice"
import { recordSubscription } from "@/lib/billing/record-subscription"
import { MINUTE_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { recordDispute } from "@/lib/disputes/record-dispute"
import { alarm } from "@/lib/log"
import { followCustomer } from "@/lib/payment-methods/follow-customer"
import { recordPayment } from "@/lib/purchases/record-payment"
import { recordRefund, recordRefundsOfCharge } from "@/lib/refunds/record-refund"
import type { EventHandler } from "@/lib/stripe/received-event"

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
 * Acts on one event of the inbox: hands it to whoever knows its object, and notes how that ended. An event that can't be
 * processed stays `failed` and in sight, and keeps no other from it: not even one that hangs, which would otherwise hold one
 * of the few workers for good. Delivered again, it is tried again, also after the queue has given it up.
 */
export async function processStripeEvent(
  ctx: { db: Db; now: Date },
  eventId: string,
  timeoutMs = TIMEOUT_MS,
): Promise<void> {
  const event = await ctx.db.stripeEvent.findUnique({ where: { id: eventId } })
  if (!event || event.status === "processed" || event.status === "ignored") return
  try {
    const status = await within(timeoutMs, handle(ctx, event))
    await ctx.db.stripeEvent.update({
      where: { id: eventId },
      data: { status, attempts: { increment: 1 }, lastError: null, processedAt: ctx.now },
    })
  } catch (error) {
    await ctx.db.stripeEvent.updateMany({
      where: { id: eventId, status: { in: ["received", "failed"] } },
      data: {
        status: "failed",
        attempts: { increment: 1 },
        lastError: error instanceof Error ? error.message : String(error),
      },
    })
    throw error
  }
}

const handle: EventHandler = async (ctx, event) => {
  const kind = /^([a-z]+)_\w+$/.exec(event.objectId)?.[1]
  const handler = kind && HANDLERS.get(kind)
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
