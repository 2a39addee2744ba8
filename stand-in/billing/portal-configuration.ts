import type Stripe from "stripe"
import type { z } from "zod"
import { invalidRequest, parameterMissingResource, resourceMissing } from "../notation/errors"
import { newId } from "../notation/ids"
import { mergeMetadata } from "../notation/params"
import { requireProductParam } from "../objects/product"
import { changedFields, emit } from "../world/events"
import type { World } from "../world/world"
import type { configurationParams } from "./portal-params"

export type Configuration = Stripe.BillingPortal.Configuration
type Features = Configuration["features"]
type Params = z.infer<typeof configurationParams>

function disabledFeatures(): Features {
  return {
    customer_update: { allowed_updates: [], enabled: false },
    invoice_history: { enabled: false },
    payment_method_update: { enabled: false, payment_method_configuration: null },
    subscription_cancel: {
      cancellation_reason: { enabled: false, feedback_options: null, options: [] },
      enabled: false,
      mode: "at_period_end",
      proration_behavior: "none",
    },
    subscription_pause: { duration: { interval_options: [], type: "indefinite" }, enabled: false },
    subscription_update: {
      billing_cycle_anchor: null,
      default_allowed_updates: [],
      enabled: false,
      products: [],
      proration_behavior: "none",
      schedule_at_period_end: { conditions: [] },
      trial_update_behavior: "end_trial",
    },
  }
}

type Products = NonNullable<NonNullable<Params["features"]>["subscription_update"]>["products"]

/** Only prices that the customer could really choose. */
function productsOf(
  world: World,
  given: Exclude<Products, undefined>,
): Features["subscription_update"]["products"] {
  if (given === "") return []
  return given.map(({ product, prices }) => {
    requireProductParam(world, product, "features[subscription_update][products]")
    for (const id of prices) {
      const price = world.store.get("price", id)
      if (!price) throw parameterMissingResource("price", id, "features[subscription_update][products]")
      if (price.product !== product || !price.recurring || !price.active) {
        throw invalidRequest(`The price ${id} must be an active recurring price of the product ${product}.`, {
          param: "features[subscription_update][products]",
        })
      }
    }
    return { adjustable_quantity: { enabled: false, maximum: null, minimum: 1 }, prices, product }
  })
}

function mergeFeatures(world: World, before: Features, given: Params["features"]): Features {
  const { customer_update: customer, subscription_update: update, subscription_cancel: cancel } = given ?? {}
  return {
    ...before,
    customer_update: {
      ...before.customer_update,
      ...customer,
      allowed_updates:
        customer?.allowed_updates === undefined
          ? before.customer_update.allowed_updates
          : customer.allowed_updates || [],
    },
    invoice_history: { ...before.invoice_history, ...given?.invoice_history },
    payment_method_update: { ...before.payment_method_update, ...given?.payment_method_update },
    subscription_cancel: { ...before.subscription_cancel, ...cancel },
    subscription_update: {
      ...before.subscription_update,
      ...update,
      default_allowed_updates:
        update?.default_allowed_updates === undefined
          ? before.subscription_update.default_allowed_updates
          : update.default_allowed_updates || [],
      products:
        update?.products === undefined
          ? before.subscription_update.products
          : productsOf(world, update.products),
      schedule_at_period_end: {
        conditions:
          update?.schedule_at_period_end?.conditions ??
          before.subscription_update.schedule_at_period_end.conditions,
      },
    },
  }
}

function requireComplete({ subscription_update: update }: Features): void {
  if (!update.enabled) return
  if (update.default_allowed_updates.length > 0 && (update.products?.length ?? 0) > 0) return
  throw invalidRequest(
    "You must provide `features[subscription_update][products]` and `features[subscription_update][default_allowed_updates]` when `features[subscription_update]` is enabled.",
    { param: "features[subscription_update]" },
  )
}

function changesOf(world: World, before: Configuration, params: Params): Partial<Configuration> {
  const features = mergeFeatures(world, before.features, params.features)
  requireComplete(features)
  const profile = params.business_profile
  const kept = before.business_profile
  const or = (given: string | undefined, otherwise: string | null) =>
    given === undefined ? otherwise : given || null
  return {
    active: params.active ?? before.active,
    business_profile: {
      headline: or(profile?.headline, kept.headline),
      privacy_policy_url: or(profile?.privacy_policy_url, kept.privacy_policy_url),
      terms_of_service_url: or(profile?.terms_of_service_url, kept.terms_of_service_url),
    },
    default_return_url: or(params.default_return_url, before.default_return_url),
    features,
    metadata: mergeMetadata(before.metadata, params.metadata),
    name: or(params.name, before.name),
  }
}

export function createConfiguration(world: World, params: Params): Configuration {
  const blank: Configuration = {
    id: newId("bpc"),
    object: "billing_portal.configuration",
    active: true,
    application: null,
    business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
    created: world.clock.now(),
    default_return_url: null,
    features: disabledFeatures(),
    is_default: false,
    livemode: false,
    login_page: { enabled: false, url: null },
    metadata: {},
    name: null,
    updated: world.clock.now(),
  }
  const configuration = { ...blank, ...changesOf(world, blank, params) }
  world.store.put("portal_configuration", configuration)
  emit(world, "billing_portal.configuration.created", configuration)
  return configuration
}

export function updateConfiguration(
  world: World,
  configuration: Configuration,
  params: Params,
): Configuration {
  const before = structuredClone(configuration)
  world.store.change("portal_configuration", configuration, changesOf(world, configuration, params))
  const previous = changedFields(before, configuration)
  if (previous) {
    world.store.change("portal_configuration", configuration, { updated: world.clock.now() })
    emit(world, "billing_portal.configuration.updated", configuration, previous)
  }
  return configuration
}

export function requireConfiguration(world: World, id: string): Configuration {
  const configuration = world.store.get("portal_configuration", id)
  if (!configuration) throw resourceMissing("configuration", id)
  return configuration
}

/** The configuration of a session without one: Stripe's own default shows cards and invoices. */
export function defaultConfiguration(world: World): Configuration {
  const existing = world.store.list("portal_configuration").find((each) => each.is_default)
  if (existing) return existing
  const made = createConfiguration(world, {
    features: {
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true },
    },
  })
  return world.store.change("portal_configuration", made, { is_default: true })
}
