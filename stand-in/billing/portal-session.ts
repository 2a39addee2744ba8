import type Stripe from "stripe"
import type { z } from "zod"
import { invalidRequest, parameterMissingResource } from "../notation/errors"
import { newId, randomText } from "../notation/ids"
import { requireCustomerParam } from "../objects/customer"
import { requireSubscriptionParam } from "../objects/subscription"
import type { PortalVisit } from "../world/billing-tables"
import { emit } from "../world/events"
import type { World } from "../world/world"
import { type Configuration, defaultConfiguration } from "./portal-configuration"
import type { sessionParams } from "./portal-params"

/** An unopened link expires after five minutes. An opened one lasts an hour. */
const UNOPENED_S = 5 * 60
const OPENED_S = 3600

type Params = z.infer<typeof sessionParams>
type Flow = NonNullable<Stripe.BillingPortal.Session["flow"]>

const FEATURE_OF = {
  payment_method_update: "payment_method_update",
  subscription_cancel: "subscription_cancel",
  subscription_update: "subscription_update",
} as const

function configurationOf(world: World, id: string | undefined): Configuration {
  if (id === undefined) return defaultConfiguration(world)
  const configuration = world.store.get("portal_configuration", id)
  if (!configuration) throw parameterMissingResource("configuration", id, "configuration")
  return configuration
}

function flowOf(world: World, params: Params, { features }: Configuration): Flow | null {
  const given = params.flow_data
  if (!given) return null
  if (!features[FEATURE_OF[given.type]].enabled) {
    throw invalidRequest(`This portal session's configuration does not have \`${given.type}\` enabled.`, {
      param: "flow_data[type]",
    })
  }
  const subscription = given.subscription_cancel?.subscription ?? given.subscription_update?.subscription
  if (given.type !== "payment_method_update") {
    const param = `flow_data[${given.type}][subscription]`
    if (!given[given.type]) throw invalidRequest(`Missing required param: ${param}.`, { param })
    const owner = requireSubscriptionParam(world, subscription ?? "", param).customer
    if (owner !== params.customer) throw parameterMissingResource("subscription", subscription ?? "", param)
  }
  const redirect = given.after_completion?.redirect ?? null
  return {
    after_completion: {
      hosted_confirmation: null,
      redirect,
      type: given.after_completion?.type ?? "portal_homepage",
    },
    customer_update: null,
    subscription_cancel:
      given.type === "subscription_cancel" ? { retention: null, subscription: subscription ?? "" } : null,
    subscription_pause: null,
    subscription_update: given.type === "subscription_update" ? { subscription: subscription ?? "" } : null,
    subscription_update_confirm: null,
    type: given.type,
  }
}

export function createPortalSession(world: World, params: Params): Stripe.BillingPortal.Session {
  const customer = requireCustomerParam(world, params.customer)
  const configuration = configurationOf(world, params.configuration)
  const flow = flowOf(world, params, configuration)
  const visit = world.store.put("portal_visit", {
    id: `test_${randomText(40)}`,
    session: newId("bps"),
    expiresS: world.clock.now() + UNOPENED_S,
  })
  const session: Stripe.BillingPortal.Session = {
    id: visit.session,
    object: "billing_portal.session",
    configuration: configuration.id,
    created: world.clock.now(),
    customer: customer.id,
    customer_account: null,
    flow,
    livemode: false,
    locale: params.locale ?? null,
    on_behalf_of: null,
    return_url: params.return_url ?? configuration.default_return_url,
    url: `${world.baseUrl}/p/session/${visit.id}`,
  }
  world.store.put("portal_session", session)
  emit(world, "billing_portal.session.created", session)
  return session
}

export interface OpenPortal {
  visit: PortalVisit
  session: Stripe.BillingPortal.Session
  configuration: Configuration
  customer: Stripe.Customer
}

/** Returns the portal behind an address, unless it has expired. Each look keeps it open for another while. */
export function openPortal(world: World, secret: string): OpenPortal | null {
  const visit = world.store.get("portal_visit", secret)
  const session = visit && world.store.get("portal_session", visit.session)
  const configuration = session && world.store.get("portal_configuration", String(session.configuration))
  const customer = session && world.store.get("customer", session.customer)
  if (!configuration || !customer || visit.expiresS <= world.clock.now()) return null
  world.store.change("portal_visit", visit, { expiresS: world.clock.now() + OPENED_S })
  return { visit, session, configuration, customer }
}
