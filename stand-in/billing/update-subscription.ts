import type { z } from "zod"
import { invalidRequest, parameterMissingResource } from "../notation/errors"
import { mergeMetadata } from "../notation/params"
import { requirePriceParam, requireRecurring } from "../objects/price"
import { hasEnded, itemOf } from "../objects/subscription"
import type { WireSubscription } from "../world/billing-tables"
import type { World } from "../world/world"
import { changePlan, type PlanChange } from "./change-plan"
import { requireOwnCard } from "./create-subscription"
import { cancellationFields } from "./end-subscription"
import { retryOwed } from "./hear"
import { changeSubscription } from "./lifecycle"
import { pauseCollection } from "./pause"
import type { updateParams } from "./subscription-params"

type Params = z.infer<typeof updateParams>

function plainFields(
  world: World,
  subscription: WireSubscription,
  params: Params,
): Partial<WireSubscription> {
  const { default_payment_method: card, description, cancel_at_period_end: cancel } = params
  const settings = params.payment_settings?.save_default_payment_method
  const pause = params.pause_collection
  return {
    metadata: mergeMetadata(subscription.metadata, params.metadata),
    ...(description === undefined ? {} : { description: description || null }),
    ...(card === undefined
      ? {}
      : { default_payment_method: card ? requireOwnCard(world, subscription.customer, card) : null }),
    ...(pause === undefined
      ? {}
      : { pause_collection: pause === "" ? null : { ...pause, resumes_at: pause.resumes_at ?? null } }),
    ...(settings && subscription.payment_settings
      ? { payment_settings: { ...subscription.payment_settings, save_default_payment_method: settings } }
      : {}),
    ...(cancel === undefined || cancel === subscription.cancel_at_period_end
      ? {}
      : cancellationFields(world, subscription, cancel, params.cancellation_details)),
  }
}

function planChange(world: World, subscription: WireSubscription, params: Params): PlanChange | null {
  const before = itemOf(subscription)
  const [given] = params.items ?? []
  if (given && given.id !== before.id)
    throw parameterMissingResource("subscription_item", given.id, "items[0][id]")
  const price = given?.price ? requirePriceParam(world, given.price, "items[0][price]") : before.price
  requireRecurring(price)
  const quantity = given?.quantity ?? before.quantity ?? 1
  const resetsAnchor = params.billing_cycle_anchor === "now"
  if (price.id === before.price.id && quantity === before.quantity && !resetsAnchor) return null
  return {
    price,
    quantity,
    resetsAnchor,
    prorations: params.proration_behavior ?? "create_prorations",
    payment: params.payment_behavior ?? "allow_incomplete",
    offSession: params.off_session ?? false,
  }
}

export function updateSubscription(
  world: World,
  subscription: WireSubscription,
  params: Params,
): WireSubscription {
  if (hasEnded(subscription)) {
    throw invalidRequest("A canceled subscription can only update its cancellation_details and metadata.")
  }
  if (subscription.schedule && params.cancel_at_period_end) {
    throw invalidRequest(
      `The subscription is managed by the subscription schedule \`${subscription.schedule}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`,
    )
  }
  const fields = plainFields(world, subscription, params)
  const change = planChange(world, subscription, params)
  if (change) changePlan(world, subscription, change, fields)
  else changeSubscription(world, subscription, fields)
  if (params.pause_collection) pauseCollection(world, subscription.id, subscription.pause_collection)
  if (params.default_payment_method) retryOwed(world, subscription.id)
  return subscription
}
