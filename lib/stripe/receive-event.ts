import Stripe from "stripe"
import type { Query, Statement } from "@/lib/db/query"
import { alarm } from "@/lib/log"
import { enqueueOnWrite, stripeEventsKey } from "@/lib/queue/enqueue"
import { HANDLED_EVENT_TYPES } from "./event-types"
import { ignoreForeign } from "./ignore-foreign"
import type { VerifiedEvent } from "./verify-event"

const KEEP_EVENT: Statement = {
  name: "keep_event",
  text: `INSERT INTO stripe_events (id, type, object_id, subject_id, customer_id, created_at)
    VALUES ($1, $2, $3, $4, $5, $6::timestamptz)
    ON CONFLICT (id) DO UPDATE SET status = 'received' WHERE stripe_events.status IN ('received', 'failed')
    RETURNING id`,
}

/**
 * Keeps an event in the inbox and enqueues its processing, in one statement. After that the event is acted on,
 * whatever happens to this process. All waiting events of one payment are one job. A redelivered event is enqueued
 * again unless it has been dealt with: that processing once began means nothing.
 */
export async function receiveEvent(
  ctx: { query: Query; expectLivemode: boolean },
  event: VerifiedEvent,
): Promise<"kept" | "known" | "ignored"> {
  // Belongs to an account connected to ours, which another product of the same platform handles.
  if (event.account !== null) {
    ignoreForeign(event.type, event.account)
    return "ignored"
  }
  if (event.livemode !== ctx.expectLivemode) {
    alarm("foreign_stripe_event", { livemode: event.livemode }, { event: event.id, type: event.type })
    return "ignored"
  }
  if (event.apiVersion !== Stripe.API_VERSION) {
    // Harmless for the money, because only the id is read from an event. Somebody should still align the endpoint.
    alarm("stripe_api_version_mismatch", { apiVersion: event.apiVersion }, { event: event.id })
  }
  if (!HANDLED_EVENT_TYPES.has(event.type)) return "ignored"
  if (event.objectId === "") {
    alarm("event_without_object", { type: event.type }, { event: event.id })
    return "ignored"
  }

  const { id, type, objectId, subjectId, customerId, createdAt } = event
  const values = [id, type, objectId, subjectId, customerId, createdAt]
  const cause = { statement: KEEP_EVENT, values }
  const options = { key: stripeEventsKey(subjectId) }
  const isKept = await enqueueOnWrite(ctx.query, cause, "process-stripe-events", { subjectId }, options)
  return isKept ? "kept" : "known"
}
