import type { Context, Hono } from "hono"
import { changePlan } from "../billing/change-plan"
import { cancellationFields, endSubscription } from "../billing/end-subscription"
import { changeSubscription } from "../billing/lifecycle"
import { endPeriodNow } from "../billing/renew"
import { schedulePriceAtPeriodEnd } from "../billing/schedules"
import { invalidRequest } from "../notation/errors"
import { requirePriceParam } from "../objects/price"
import { hasEnded, itemOf, requireSubscription } from "../objects/subscription"
import type { WireSubscription } from "../world/billing-tables"
import { bodyOf } from "./body"
import type { ControlParts } from "./parts"
import { cancelSchema, planSchema, renewSchema, statusSchema } from "./subscription-schemas"

/** Acts of time and the Dashboard on one subscription, while the clock stands still for all others. */
export function subscriptionControl(app: Hono, { world }: ControlParts): void {
  const running = (c: Context): WireSubscription => {
    const subscription = requireSubscription(world, c.req.param("id") ?? "")
    if (hasEnded(subscription)) throw invalidRequest(`Subscription ${subscription.id} has ended.`)
    return subscription
  }
  app.post("/subscriptions/:id/renew", async (c) => {
    const { outcome, decline_code: code } = await bodyOf(c, renewSchema)
    const subscription = running(c)
    const renew = () => endPeriodNow(world, subscription)
    const { customer } = subscription
    if (outcome === "fail") world.steering.during({ kind: "decline", code, customer, times: 1 }, renew)
    else renew()
    const invoice = world.store.get("invoice", String(subscription.latest_invoice))
    if (outcome === "succeed" && invoice?.status !== "paid") {
      throw invalidRequest(`The renewal was not paid: its invoice is ${invoice?.status}.`)
    }
    return c.json({ subscription, invoice })
  })
  app.post("/subscriptions/:id/plan", async (c) => {
    const { price: id, ...body } = await bodyOf(c, planSchema)
    const subscription = running(c)
    const price = requirePriceParam(world, id)
    if (body.at_period_end) schedulePriceAtPeriodEnd(world, subscription, price)
    else {
      changePlan(world, subscription, {
        price,
        quantity: body.quantity ?? itemOf(subscription).quantity ?? 1,
        resetsAnchor: false,
        prorations: body.proration_behavior,
        payment: "allow_incomplete",
        offSession: true,
      })
    }
    return c.json(subscription)
  })
  app.post("/subscriptions/:id/cancel", async (c) => {
    const { at_period_end: later } = await bodyOf(c, cancelSchema)
    const subscription = running(c)
    if (later) changeSubscription(world, subscription, cancellationFields(world, subscription, true))
    else endSubscription(world, subscription, "cancellation_requested")
    return c.json(subscription)
  })
  app.post("/subscriptions/:id/status", async (c) => {
    const { status } = await bodyOf(c, statusSchema)
    const subscription = running(c)
    changeSubscription(world, subscription, { status })
    return c.json(subscription)
  })
}
