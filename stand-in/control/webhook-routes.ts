import type { Hono } from "hono"
import { z } from "zod"
import { API_VERSION } from "../notation/errors"
import { newId } from "../notation/ids"
import { readEvent } from "../world/events"
import { matchesFilter, subjectOf } from "../world/subject"
import type { Endpoint, WireEvent } from "../world/tables"
import { bodyOf } from "./body"
import type { ControlParts } from "./parts"
import { craftSchema, deliverSchema, endpointSchema, releaseSchema } from "./schemas"

export function addEndpoint(
  { world }: Pick<ControlParts, "world">,
  given: z.input<typeof endpointSchema>,
): Endpoint {
  const parsed = endpointSchema.parse(given)
  const { url, secret, customers, enabled_events: enabledEvents, api_version: apiVersion } = parsed
  const created = world.clock.now()
  const same = world.store.list("endpoint").find((each) => each.url === url)
  return world.store.put("endpoint", {
    id: same?.id ?? newId("we"),
    url,
    secret,
    enabledEvents,
    customers: customers ?? null,
    created,
    ...(apiVersion ? { apiVersion } : {}),
    description: null,
    metadata: {},
    disabled: false,
  })
}

function endpoints(app: Hono, parts: ControlParts): void {
  const { store } = parts.world
  app.get("/endpoints", (c) => c.json({ data: store.list("endpoint") }))
  app.post("/endpoints", async (c) => c.json(addEndpoint(parts, await bodyOf(c, endpointSchema))))
  app.put("/endpoints", async (c) => {
    const wanted = await bodyOf(c, z.array(endpointSchema))
    for (const endpoint of store.list("endpoint")) store.remove("endpoint", endpoint.id)
    return c.json({ data: wanted.map((each) => addEndpoint(parts, each)) })
  })
  app.delete("/endpoints/:id", (c) => {
    store.remove("endpoint", c.req.param("id"))
    return c.json({ ok: true })
  })
}

function deliveries(app: Hono, { world, webhooks }: ControlParts): void {
  app.post("/webhooks/release", async (c) => {
    const { order, ...filter } = await bodyOf(c, releaseSchema)
    return c.json({ released: webhooks.release(filter, order) })
  })
  app.get("/deliveries", (c) => {
    const { customer, event } = c.req.query()
    const { store } = world
    const rows = event
      ? store.where("delivery", "event", event)
      : customer
        ? store.where("event", "customer", customer).flatMap(({ id }) => store.where("delivery", "event", id))
        : store.list("delivery")
    const data = rows.filter((row) => {
      const about = store.get("event", row.event)
      return about !== undefined && matchesFilter({ customer }, subjectOf(about))
    })
    return c.json({ count: data.length, data })
  })
  app.get("/events", (c) => {
    const { customer, type } = c.req.query()
    const events = customer ? world.store.where("event", "customer", customer) : world.store.list("event")
    const data = events
      .filter((event) => !type || event.type === type)
      .map((event) => readEvent(world, event))
    return c.json({ count: data.length, data })
  })
  app.post("/events/:id/deliver", async (c) => {
    const { times } = await bodyOf(c, deliverSchema)
    const event = world.store.get("event", c.req.param("id"))
    if (!event) return c.json({ error: "No such event" }, 404)
    return c.json({ statuses: await webhooks.redeliver(event, times) })
  })
}

function crafting(app: Hono, { world, webhooks }: ControlParts): void {
  app.post("/webhooks/craft", async (c) => {
    const wanted = await bodyOf(c, craftSchema)
    const event: WireEvent = {
      id: wanted.id ?? newId("evt"),
      object: "event",
      ...(wanted.account ? { account: wanted.account } : {}),
      api_version: wanted.api_version ?? API_VERSION,
      created: wanted.created ?? world.clock.now(),
      data: { object: wanted.object },
      livemode: wanted.livemode,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      type: wanted.type,
    }
    if (wanted.store) world.store.put("event", event)
    const targets = world.store.list("endpoint").filter((each) => !wanted.url || each.url === wanted.url)
    const timestampS = Math.floor(Date.now() / 1000) + wanted.timestamp_offset
    const sends = targets.map((each) =>
      webhooks.send(each.url, JSON.stringify(event), wanted.secret ?? each.secret, timestampS),
    )
    return c.json({ event, statuses: await Promise.all(sends) })
  })
}

export function webhookControl(app: Hono, parts: ControlParts): void {
  endpoints(app, parts)
  deliveries(app, parts)
  crafting(app, parts)
}
