import type { Context, Hono } from "hono"
import { cancellationFields, endSubscription, FEEDBACK } from "../billing/end-subscription"
import { changeSubscription } from "../billing/lifecycle"
import { confirmChange, previewChange } from "../billing/portal-actions"
import type { OpenPortal } from "../billing/portal-session"
import { releaseSchedule } from "../billing/schedules"
import { StripeApiError } from "../notation/errors"
import { productName } from "../objects/price"
import { hasEnded } from "../objects/subscription"
import type { WirePrice, WireSubscription } from "../world/billing-tables"
import type { World } from "../world/world"
import type { PortalAccess } from "./portal-access"
import { cancelPlanPage, choosePlanPage, confirmPlanPage, type Step } from "./portal-steps"

const AT = "/p/session/:secret/subscriptions/:id"

export function portalPlanRoutes(app: Hono, world: World, access: PortalAccess): void {
  changeRoutes(app, world, access)
  cancelRoutes(app, world, access)
}

/** Runs a step about one of the customer's own running plans, where the configuration allows it. */
function steps(world: World, { inside, notFound }: PortalAccess) {
  return (
    c: Context,
    feature: "subscription_update" | "subscription_cancel",
    run: (step: Step) => Response | Promise<Response>,
  ) =>
    inside(c, (portal, path) => {
      const subscription = world.store.get("subscription", c.req.param("id") ?? "")
      const isOwn = subscription?.customer === portal.customer.id && !hasEnded(subscription)
      const allowed = portal.configuration.features[feature].enabled
      return isOwn && allowed ? run({ portal, path, subscription }) : notFound(c, "There is no such plan.")
    })
}

function choicesOf(world: World, portal: OpenPortal): WirePrice[] {
  const products = portal.configuration.features.subscription_update.products ?? []
  return products
    .flatMap(({ prices }) => prices)
    .flatMap((id) => world.store.get("price", id) ?? [])
    .filter((price) => price.active)
}

function changeRoutes(app: Hono, world: World, access: PortalAccess): void {
  const { done, notFound } = access
  const step = steps(world, access)
  const named = (price: WirePrice) => ({ price, product: productName(world, price) })
  const chosen = (c: Context, portal: OpenPortal) =>
    choicesOf(world, portal).find((price) => price.id === c.req.param("price"))
  const preview = (of: Step, price: WirePrice) =>
    previewChange(world, of.portal.configuration, of.subscription, price)
  app.get(`${AT}/update`, (c) =>
    step(c, "subscription_update", (of) =>
      c.html(choosePlanPage(of, choicesOf(world, of.portal).map(named))),
    ),
  )
  app.get(`${AT}/update/:price`, (c) =>
    step(c, "subscription_update", (of) => {
      const price = chosen(c, of.portal)
      if (!price) return notFound(c, "There is no such plan.")
      return c.html(confirmPlanPage(of, { choice: named(price), dueNow: preview(of, price), problem: null }))
    }),
  )
  app.post(`${AT}/update/:price`, (c) =>
    step(c, "subscription_update", (of) => {
      const price = chosen(c, of.portal)
      if (!price) return notFound(c, "There is no such plan.")
      try {
        confirmChange(world, of.portal.configuration, of.subscription, price)
      } catch (error) {
        if (!(error instanceof StripeApiError)) throw error
        const problem = error.message
        return c.html(confirmPlanPage(of, { choice: named(price), dueNow: preview(of, price), problem }))
      }
      return done(c, of.portal, of.path)
    }),
  )
  app.post(`${AT}/release`, (c) =>
    step(c, "subscription_update", ({ subscription, path }) => {
      releaseSchedule(world, subscription)
      return c.redirect(`${path}?home`, 303)
    }),
  )
}

function cancelRoutes(app: Hono, world: World, access: PortalAccess): void {
  const step = steps(world, access)
  app.get(`${AT}/cancel`, (c) => step(c, "subscription_cancel", (of) => c.html(cancelPlanPage(of))))
  app.post(`${AT}/cancel`, async (c) => {
    const { feedback } = await c.req.parseBody()
    return step(c, "subscription_cancel", (of) => {
      cancel(world, of, FEEDBACK.find((each) => each === feedback) ?? null)
      return access.done(c, of.portal, of.path)
    })
  })
  app.post(`${AT}/keep`, (c) =>
    step(c, "subscription_cancel", ({ subscription, path }) => {
      changeSubscription(world, subscription, cancellationFields(world, subscription, false))
      return c.redirect(`${path}?home`, 303)
    }),
  )
}

function cancel(
  world: World,
  { portal, subscription }: { portal: OpenPortal; subscription: WireSubscription },
  feedback: (typeof FEEDBACK)[number] | null,
): void {
  if (portal.configuration.features.subscription_cancel.mode === "immediately") {
    endSubscription(world, subscription, "cancellation_requested", { feedback })
    return
  }
  if (subscription.schedule) releaseSchedule(world, subscription)
  changeSubscription(world, subscription, cancellationFields(world, subscription, true, { feedback }))
}
