import { randomUUID } from "node:crypto"
import Stripe from "stripe"
import { WEBHOOK_SECRET } from "../../testing/secrets"
import type { OpenLoopOrder, OpenLoopResult } from "../http/open-loop"
import { startChild } from "../setup/child"
import type { Captured } from "./stripe-world"

export const WEBHOOK = "webhook"
/** Refused before the database is asked: measures the way to the handler and back. */
export const FORGED = "forged event"

/**
 * Half of them are about checkouts and payments that the product acts on, a quarter each. The rest are Stripe's other
 * events.
 */
export function mixedEvents({ sessionId, paymentId, customerId }: Captured): Event[] {
  return [
    { type: "payment_intent.created", object: "payment_intent", id: paymentId, customer: customerId },
    ...settlingEvents({ sessionId, paymentId, customerId }),
    {
      type: "charge.succeeded",
      object: "charge",
      id: `ch_${paymentId.slice(3)}`,
      customer: customerId,
      payment_intent: paymentId,
    },
  ]
}

export function settlingEvents({ sessionId, paymentId, customerId }: Captured): Event[] {
  return [
    { type: "payment_intent.succeeded", object: "payment_intent", id: paymentId, customer: customerId },
    {
      type: "checkout.session.completed",
      object: "checkout.session",
      id: sessionId,
      customer: customerId,
      payment_intent: paymentId,
    },
  ]
}

export type Event = { type: string; object: string; id: string; customer: string; payment_intent?: string }

function requestOf({ type, ...object }: Event): string {
  const body = JSON.stringify({
    id: `evt_${randomUUID().replaceAll("-", "")}`,
    object: "event",
    type,
    api_version: Stripe.API_VERSION,
    created: Math.floor(Date.now() / 1_000),
    livemode: false,
    // As long as Stripe's own, a few kilobytes.
    data: { object: { ...object, description: "x".repeat(2_000) } },
  })
  const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret: WEBHOOK_SECRET })
  return `POST /api/webhooks/stripe HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nstripe-signature: ${signature}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

const FORGED_REQUEST =
  "POST /api/webhooks/stripe HTTP/1.1\r\nhost: 127.0.0.1\r\nstripe-signature: none\r\ncontent-length: 2\r\n\r\n{}"

export async function send(
  port: number,
  events: Event[],
  perSecond: number,
  withForged = false,
): Promise<OpenLoopResult> {
  const sender = startChild(new URL("../http/open-loop.ts", import.meta.url))
  try {
    const requests = events.flatMap((event, n) => [
      { kind: WEBHOOK, text: requestOf(event) },
      ...(withForged && n % 10 === 0 ? [{ kind: FORGED, text: FORGED_REQUEST }] : []),
    ])
    const order: OpenLoopOrder = { port, perSecond: withForged ? perSecond * 1.1 : perSecond, requests }
    const result = await sender.ask<OpenLoopResult>(order)
    const isWrong = Object.keys(result.statuses).some(
      (each) => ![`${WEBHOOK} 200`, `${FORGED} 400`].includes(each),
    )
    if (isWrong) throw new Error(`Webhooks were answered ${JSON.stringify(result.statuses)}`)
    return result
  } finally {
    await sender.stop()
  }
}
