import type Stripe from "stripe"
import { z } from "zod"
import { API_VERSION, invalidRequest, resourceMissing } from "../errors"
import { isDelivered, readEvent } from "../events"
import { newId, randomText } from "../ids"
import { paginate, paginateTable } from "../paging"
import { bool, created, expand, mergeMetadata, metadata, paging, text, url } from "../params"
import { type Route, route } from "../route"
import type { Endpoint } from "../tables"

const THIRTY_DAYS_S = 30 * 24 * 3600

function matchesType(pattern: string, type: string): boolean {
  return pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : pattern === type
}

export function wireEndpoint(endpoint: Endpoint): Stripe.WebhookEndpoint {
  return {
    id: endpoint.id,
    object: "webhook_endpoint",
    api_version: API_VERSION,
    application: null,
    created: endpoint.created,
    description: endpoint.description,
    enabled_events: endpoint.enabledEvents,
    livemode: false,
    metadata: endpoint.metadata,
    status: "enabled",
    url: endpoint.url,
  }
}

const endpointParams = z.strictObject({
  url,
  enabled_events: z.array(z.string()).min(1),
  api_version: z.enum([API_VERSION]).optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  expand,
})

export const eventRoutes: Route[] = [
  route({
    method: "GET",
    path: "/v1/events",
    request: "EventListParams",
    answer: ["Event"],
    params: z.strictObject({
      ...paging,
      created,
      delivery_success: bool.optional(),
      type: text.optional(),
      types: z.array(z.string()).max(20).optional(),
    }),
    run: ({ world, params: { type, types, delivery_success: delivered, ...rest } }) => {
      if (type && types) throw invalidRequest("You may only specify one of these parameters: type, types.")
      const wanted = types ?? (type ? [type] : ["*"])
      const oldest = world.clock.now() - THIRTY_DAYS_S
      const page = paginateTable(world.store.table("event"), rest, "/v1/events", (event) => {
        if (event.created <= oldest || !wanted.some((each) => matchesType(each, event.type))) return false
        return delivered === undefined || delivered === isDelivered(world, event)
      })
      return { ...page, data: page.data.map((event) => readEvent(world, event)) }
    },
  }),
  route({
    method: "GET",
    path: "/v1/events/:id",
    answer: "Event",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => {
      const event = world.store.get("event", ids.id ?? "")
      if (!event || event.created <= world.clock.now() - THIRTY_DAYS_S)
        throw resourceMissing("event", ids.id ?? "")
      return readEvent(world, event)
    },
  }),
  route({
    method: "POST",
    path: "/v1/webhook_endpoints",
    request: "WebhookEndpointCreateParams",
    answer: "WebhookEndpoint",
    params: endpointParams,
    run: ({ world, params }) => {
      const endpoint = world.store.put("endpoint", {
        id: newId("we"),
        url: params.url,
        secret: `whsec_${randomText(32)}`,
        enabledEvents: params.enabled_events,
        customers: null,
        created: world.clock.now(),
        description: params.description ?? null,
        metadata: mergeMetadata({}, params.metadata),
      })
      return { ...wireEndpoint(endpoint), secret: endpoint.secret }
    },
  }),
  route({
    method: "GET",
    path: "/v1/webhook_endpoints",
    request: "WebhookEndpointListParams",
    answer: ["WebhookEndpoint"],
    params: z.strictObject(paging),
    run: ({ world, params }) =>
      paginate(world.store.list("endpoint").map(wireEndpoint).reverse(), params, "/v1/webhook_endpoints"),
  }),
]
