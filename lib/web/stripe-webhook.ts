import { clock } from "@/lib/clock"
import { spendConnections } from "@/lib/db/spend-connections"
import { env } from "@/lib/env"
import { log } from "@/lib/log"
import { receiveEvent } from "@/lib/stripe/receive-event"
import { verifyEvent } from "@/lib/stripe/verify-event"
import { readBody } from "./read-body"

const MAX_BYTES = 1024 * 1024

/**
 * Receives an event from Stripe: 200 once it is safely stored, 4xx for one that Stripe didn't send, 503 while it
 * can't be stored.
 */
export async function handleStripeWebhook(request: Request): Promise<Response> {
  const read = await readBody(request, MAX_BYTES)
  if (!read.ok) return new Response(null, { status: read.status })

  const { STRIPE_WEBHOOK_SECRET, STRIPE_SECRET_KEY } = env()
  const event = verifyEvent(
    read.body,
    request.headers.get("stripe-signature"),
    STRIPE_WEBHOOK_SECRET,
    clock.now(),
  )
  if (!event) {
    log().warn({ bytes: read.body.byteLength }, "Refused a webhook that Stripe did not sign")
    return new Response(null, { status: 400 })
  }
  try {
    await receiveEvent(
      { query: spendConnections().query, expectLivemode: STRIPE_SECRET_KEY.includes("_live_") },
      event,
    )
    return new Response(null, { status: 200 })
  } catch (error) {
    log().error({ err: error, event: event.id }, "Could not keep a webhook; Stripe will send it again")
    return new Response(null, { status: 503, headers: { "retry-after": "5" } })
  }
}
