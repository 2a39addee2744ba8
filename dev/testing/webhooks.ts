import { serve } from "@hono/node-server"
import Stripe from "stripe"
import { afterAll, beforeAll } from "vitest"
import { processStripeEvents } from "@/lib/jobs/process-stripe-events"
import { handleStripeWebhook } from "@/lib/web/stripe-webhook"
import { WEBHOOK_SECRET } from "./secrets"
import type { DatabaseWorld, World } from "./world"

const TARGET = "http://localhost:3000/api/webhooks/stripe"

export function eventBody(more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    id: `evt_${crypto.randomUUID()}`,
    object: "event",
    type: "payment_intent.succeeded",
    api_version: Stripe.API_VERSION,
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    data: { object: { id: "pi_nobody_knows", object: "payment_intent" } },
    ...more,
  })
}

/** Returns a signature like Stripe's, `secondsOff` from now. */
export function sign(payload: string, { secret = WEBHOOK_SECRET, secondsOff = 0 } = {}): string {
  const timestamp = Math.floor(Date.now() / 1000) + secondsOff
  return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })
}

export function webhookRequest(
  body: BodyInit,
  signature: string | null,
  headers: Record<string, string> = {},
): Request {
  return new Request(TARGET, {
    method: "POST",
    body,
    headers: { ...headers, ...(signature === null ? {} : { "stripe-signature": signature }) },
    // Streamed bodies need it, and the type lacks it.
    ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
  })
}

/** Sends one signed event and returns the status of the answer. */
export async function sendEvent(more: Record<string, unknown> = {}): Promise<number> {
  const body = eventBody(more)
  return (await handleStripeWebhook(webhookRequest(body, sign(body)))).status
}

/** Makes the stand-in deliver its webhooks to the route's handler, over HTTP, for the tests of a file. */
export function receiveWebhooks(world: World): void {
  let server: ReturnType<typeof serve> | undefined
  beforeAll(async () => {
    const port = await new Promise<number>((resolve) => {
      server = serve({ fetch: handleStripeWebhook, hostname: "127.0.0.1", port: 0 }, (info) =>
        resolve(info.port),
      )
    })
    await world.stripe.control.addEndpoint({ url: `http://127.0.0.1:${port}/`, secret: WEBHOOK_SECRET })
  })
  afterAll(() => {
    server?.close()
  })
}

/** Does the inbox's jobs in the order of arrival, and returns each event's type and status. */
export async function workInbox(world: DatabaseWorld, now = new Date()): Promise<[string, string][]> {
  const waiting = await world.db.stripeEvent.findMany({
    where: { status: { in: ["received", "failed"] } },
    orderBy: { receivedAt: "asc" },
  })
  for (const subjectId of new Set(waiting.map((event) => event.subjectId)))
    await processStripeEvents({ db: world.db, now }, subjectId).catch(() => undefined)
  const done = await world.db.stripeEvent.findMany({ where: { id: { in: waiting.map(({ id }) => id) } } })
  return done.map(({ type, status }) => [type, status])
}
