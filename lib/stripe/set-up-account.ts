import Stripe from "stripe"
import { stripe } from "./client"
import { HANDLED_EVENT_TYPES } from "./event-types"
import { listPlanPrices, type PlanPrice, requirePlanPrices } from "./plans"
import { featuresOf, listOwnConfigurations, type PortalRights, writeConfiguration } from "./portal"

/** One thing that must exist at Stripe, and how the existing one differs. */
export type SetupStep = {
  what: string
  differences: string[]
  /** `by_hand`: Stripe lets nobody change it from here. */
  outcome: "right" | "differs" | "made" | "changed" | "by_hand"
  /** The new endpoint's signing secret, which Stripe tells once. */
  secret?: string
}

const DESCRIPTION = "Credits"

/**
 * Creates the webhook endpoint, the plans' prices and the portal's configurations at Stripe, or brings them in line
 * with this version. With `isCheck`, only reports what differs. Repeating it changes nothing more.
 */
export async function setUpAccount(asked: { appUrl: string; isCheck: boolean }): Promise<SetupStep[]> {
  const endpoint = await setUpEndpoint(`${asked.appUrl}/api/webhooks/stripe`, asked.isCheck)
  const before = await listPlanPrices()
  const missing = before.filter(({ priceId }) => priceId === null)
  const plans: SetupStep = {
    what: "Prices of the plans",
    differences: missing.map(({ plan }) => `${plan} has no price as the catalog has it`),
    outcome: missing.length === 0 ? "right" : asked.isCheck ? "differs" : "made",
  }
  const prices = asked.isCheck ? before.flatMap(known) : await requirePlanPrices()
  const portals: SetupStep[] = []
  for (const rights of ["plan", "payment"] as const)
    portals.push(await setUpPortal(rights, prices, asked.isCheck))
  return [endpoint, plans, ...portals]
}

async function setUpEndpoint(url: string, isCheck: boolean): Promise<SetupStep> {
  const what = `Webhook endpoint ${url}`
  const enabled_events = [...HANDLED_EVENT_TYPES] as Stripe.WebhookEndpointCreateParams.EnabledEvent[]
  const [own, ...others] = await listEndpoints(url)
  if (!own) {
    const differences = ["it is missing"]
    if (isCheck) return { what, differences, outcome: "differs" }
    const api_version = Stripe.API_VERSION as Stripe.WebhookEndpointCreateParams.ApiVersion
    const params = { url, enabled_events, api_version, description: DESCRIPTION }
    const { secret } = await stripe().webhookEndpoints.create(params)
    return { what, differences, outcome: "made", secret }
  }
  const byHand = [
    ...(own.api_version === Stripe.API_VERSION
      ? []
      : [
          `it has API version ${own.api_version ?? "of the account"}, not ${Stripe.API_VERSION}: delete it, then run this again`,
        ]),
    ...others.map(
      ({ id }) => `${id} has the same address, so that each event comes twice: delete one of them`,
    ),
  ]
  const changes = [
    ...(own.status === "enabled" ? [] : ["it is disabled"]),
    ...enabled_events
      .filter((type) => !own.enabled_events.includes(type))
      .map((type) => `${type} is missing`),
    ...own.enabled_events
      .filter((type) => !HANDLED_EVENT_TYPES.has(type))
      .map((type) => `${type} is sent for nothing`),
  ]
  if (changes.length > 0 && !isCheck)
    await stripe().webhookEndpoints.update(own.id, { enabled_events, disabled: false })
  const differences = [...changes, ...byHand]
  if (byHand.length > 0) return { what, differences, outcome: "by_hand" }
  return { what, differences, outcome: outcomeOf(changes, isCheck) }
}

async function listEndpoints(url: string): Promise<Stripe.WebhookEndpoint[]> {
  const found: Stripe.WebhookEndpoint[] = []
  for await (const endpoint of stripe().webhookEndpoints.list({ limit: 100 }))
    if (endpoint.url === url) found.push(endpoint)
  return found
}

async function setUpPortal(rights: PortalRights, prices: PlanPrice[], isCheck: boolean): Promise<SetupStep> {
  const what = rights === "plan" ? "Customer Portal for Owners" : "Customer Portal for Admins"
  const features = featuresOf(rights, prices)
  const [own] = await listOwnConfigurations(rights)
  const differences = own ? differencesIn(features, own.features, "") : ["it is missing"]
  if (differences.length > 0 && !isCheck) await writeConfiguration(rights, features, own)
  return { what, differences, outcome: own || isCheck ? outcomeOf(differences, isCheck) : "made" }
}

function outcomeOf(differences: string[], isCheck: boolean): SetupStep["outcome"] {
  if (differences.length === 0) return "right"
  return isCheck ? "differs" : "changed"
}

/** Lists where the existing object isn't as wanted. Fields that aren't requested may have any value. */
function differencesIn(wanted: unknown, found: unknown, path: string): string[] {
  if (typeof wanted !== "object" || wanted === null)
    return wanted === found ? [] : [`${path} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`]
  if (typeof found !== "object" || found === null) return [`${path} is missing`]
  if (Array.isArray(wanted) && Array.isArray(found) && wanted.length !== found.length)
    return [`${path} has ${found.length} entries, not ${wanted.length}`]
  return Object.entries(wanted).flatMap(([key, value]) =>
    differencesIn(value, Reflect.get(found, key), path === "" ? key : `${path}.${key}`),
  )
}

function known({ priceId, ...rest }: Awaited<ReturnType<typeof listPlanPrices>>[number]): PlanPrice[] {
  return priceId === null ? [] : [{ ...rest, priceId }]
}
