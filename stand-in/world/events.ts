import type Stripe from "stripe"
import { API_VERSION } from "../notation/errors"
import { newId } from "../notation/ids"
import { customerOf } from "./subject"
import type { WireEvent } from "./tables"
import type { World } from "./world"

/** Stores an event with the object as it is now, then passes it to the webhooks. `owner` names its customer. */
export function emit(
  world: World,
  type: string,
  object: object,
  previous?: object,
  owner?: Stripe.Charge,
): WireEvent {
  const data = structuredClone(previous ? { object, previous_attributes: previous } : { object })
  const event = world.store.put("event", {
    id: newId("evt"),
    object: "event",
    api_version: API_VERSION,
    created: world.clock.now(),
    data,
    livemode: false,
    pending_webhooks: 0,
    request: world.request
      ? { id: world.request.id, idempotency_key: world.request.idempotencyKey }
      : { id: null, idempotency_key: null },
    type,
    ...(owner ? { about: { customer: customerOf(owner), metadata: owner.metadata } } : {}),
  })
  world.request?.events.push(event)
  world.onEvent(event)
  return event
}

/** Returns the event as the API shows it. Outstanding webhooks are counted on reading. */
export function readEvent(world: World, event: WireEvent): WireEvent {
  const { about: _about, ...shown } = event
  return { ...shown, pending_webhooks: world.store.where("delivery", "undelivered", event.id).length }
}

/** Whether every endpoint that wanted this event has taken it. */
export function isDelivered(world: World, event: WireEvent): boolean {
  return !world.store.has("delivery", "undelivered", event.id)
}

/** Returns an update event's `previous_attributes`: the former values of the changed fields. Null if there are none. */
export function changedFields(before: object, after: object): Record<string, unknown> | null {
  const changed = Object.entries(before).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(after, key)),
  )
  return changed.length > 0 ? Object.fromEntries(changed) : null
}
