import type Stripe from "stripe"
import { z } from "zod"
import { paginate } from "../api/paging"
import { type Route, route } from "../api/route"
import { API_VERSION, resourceMissing } from "../notation/errors"
import { newId, randomText } from "../notation/ids"
import { bool, emptyable, expand, mergeMetadata, metadata, paging, text, url } from "../notation/params"
import type { Endpoint } from "../world/tables"
import type { World } from "../world/world"

function wireEndpoint(endpoint: Endpoint): Stripe.WebhookEndpoint {
  return {
    id: endpoint.id,
    object: "webhook_endpoint",
    api_version: endpoint.apiVersion ?? API_VERSION,
    application: null,
    created: endpoint.created,
    description: endpoint.description,
    enabled_events: endpoint.enabledEvents,
    livemode: false,
    metadata: endpoint.metadata,
    status: endpoint.disabled ? "disabled" : "enabled",
    url: endpoint.url,
  }
}

const createParams = z.strictObject({
  url,
  enabled_events: z.array(z.string()).min(1),
  api_version: z.enum([API_VERSION]).optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  expand,
})

const updateParams = z.strictObject({
  description: emptyable.optional(),
  disabled: bool.optional(),
  enabled_events: z.array(z.string()).min(1).optional(),
  expand,
  metadata: metadata.optional(),
  url: url.optional(),
})

function requireEndpoint(world: World, id: string): Endpoint {
  const endpoint = world.store.get("endpoint", id)
  if (!endpoint) throw resourceMissing("webhook endpoint", id, "webhook_endpoint")
  return endpoint
}

function update(world: World, endpoint: Endpoint, params: z.infer<typeof updateParams>): Endpoint {
  const { description } = params
  return world.store.change("endpoint", endpoint, {
    description: description === undefined ? endpoint.description : description || null,
    disabled: params.disabled ?? endpoint.disabled,
    enabledEvents: params.enabled_events ?? endpoint.enabledEvents,
    metadata: mergeMetadata(endpoint.metadata, params.metadata),
    url: params.url ?? endpoint.url,
  })
}

const one = "/v1/webhook_endpoints/:id"

export const webhookEndpointRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/webhook_endpoints",
    request: "WebhookEndpointCreateParams",
    answer: "WebhookEndpoint",
    params: createParams,
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
        disabled: false,
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
  route({
    method: "GET",
    path: one,
    answer: "WebhookEndpoint",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => wireEndpoint(requireEndpoint(world, ids.id ?? "")),
  }),
  route({
    method: "POST",
    path: one,
    request: "WebhookEndpointUpdateParams",
    answer: "WebhookEndpoint",
    params: updateParams,
    run: ({ world, ids, params }) =>
      wireEndpoint(update(world, requireEndpoint(world, ids.id ?? ""), params)),
  }),
  route({
    method: "DELETE",
    path: one,
    answer: "DeletedWebhookEndpoint",
    params: z.strictObject({}),
    run: ({ world, ids }) => {
      const { id } = requireEndpoint(world, ids.id ?? "")
      world.store.remove("endpoint", id)
      return { id, object: "webhook_endpoint", deleted: true }
    },
  }),
]
