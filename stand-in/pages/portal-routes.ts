import type { Context, Hono } from "hono"
import { defaultMethodOf } from "../billing/collect"
import { cancellationFields, endSubscription, FEEDBACK } from "../billing/end-subscription"
import { changeSubscription } from "../billing/lifecycle"
import { addCard, confirmChange, makeDefault, previewChange } from "../billing/portal-actions"
import { type OpenPortal, openPortal } from "../billing/portal-session"
import { releaseSchedule, scheduledPrice } from "../billing/schedules"
import { StripeApiError } from "../notation/errors"
import { productName } from "../objects/price"
import { hasEnded } from "../objects/subscription"
import { cardsOf, detachPaymentMethod } from "../payments/payment-methods"
import type { WirePrice, WireSubscription } from "../world/billing-tables"
import type { World } from "../world/world"
import { readCard } from "./card-form"
import { type PortalView, portalHome } from "./portal"
import { cancelPlanPage, choosePlanPage, confirmPlanPage, newCardPage, type Step } from "./portal-steps"

type NotFound = (c: Context, what: string) => Response | Promise<Response>
type Handler = (portal: OpenPortal, path: string) => Response | Promise<Response>

const GONE = "This portal link has expired. Go back and open it again."

function viewOf(world: World, portal: OpenPortal, path: string): PortalView {
  const { store } = world
  const id = portal.customer.id
  const running = store.where("subscription", "customer", id).filter((each) => !hasEnded(each))
  return {
    portal,
    path,
    plans: running.map((subscription) => {
      const next = scheduledPrice(world, subscription)
      const [item] = subscription.items.data
      return {
        subscription,
        product: item ? productName(world, item.price) : "",
        next: next && { product: productName(world, next), price: next },
        card: defaultMethodOf(world, id, subscription.default_payment_method),
      }
    }),
    cards: cardsOf(world, id),
    invoices: store
      .where("invoice", "customer", id)
      .filter((each) => each.status !== "draft")
      .reverse(),
  }
}

/** The flow with which the session opens, until the customer has been through it. */
function flowPath({ session: { flow } }: OpenPortal, path: string): string | null {
  if (flow?.type === "payment_method_update") return `${path}/payment-methods/new`
  if (flow?.subscription_cancel)
    return `${path}/subscriptions/${flow.subscription_cancel.subscription}/cancel`
  if (flow?.subscription_update)
    return `${path}/subscriptions/${flow.subscription_update.subscription}/update`
  return null
}

function choicesOf(world: World, portal: OpenPortal): WirePrice[] {
  const products = portal.configuration.features.subscription_update.products ?? []
  return products
    .flatMap(({ prices }) => prices)
    .flatMap((id) => world.store.get("price", id) ?? [])
    .filter((price) => price.active)
}

export function portalRoutes(app: Hono, world: World, notFound: NotFound): void {
  const inside = (c: Context, run: Handler) => {
    const secret = c.req.param("secret") ?? ""
    const portal = openPortal(world, secret)
    c.header("x-frame-options", "DENY")
    return portal ? run(portal, `/p/session/${secret}`) : notFound(c, GONE)
  }
  const done = (c: Context, { session }: OpenPortal, path: string) => {
    const redirect = session.flow?.after_completion.redirect?.return_url
    return c.redirect(redirect ?? `${path}?home`, 303)
  }
  app.get("/p/session/:secret", (c) =>
    inside(c, (portal, path) => {
      if (c.req.query("redirect_status")) finishNewCard(c, world, portal)
      const flow = c.req.query("home") === undefined ? flowPath(portal, path) : null
      return flow ? c.redirect(flow, 303) : c.html(portalHome(viewOf(world, portal, path)))
    }),
  )
  cardRoutes(app, world, inside, done, notFound)
  planRoutes(app, world, inside, done, notFound)
}

/** Handles the return from the bank's page. Doing it twice changes nothing. */
function finishNewCard(c: Context, world: World, { customer }: OpenPortal): void {
  const intent = world.store.get("setup_intent", c.req.query("setup_intent") ?? "")
  const card = intent?.status === "succeeded" ? String(intent.payment_method) : ""
  const isOwn = world.store.get("payment_method", card)?.customer === customer.id
  if (isOwn && c.req.query("default")) makeDefault(world, customer, card)
}

type Inside = (c: Context, run: Handler) => Response | Promise<Response>
type Done = (c: Context, portal: OpenPortal, path: string) => Response

function cardRoutes(app: Hono, world: World, inside: Inside, done: Done, notFound: NotFound): void {
  const allowed = ({ configuration }: OpenPortal) => configuration.features.payment_method_update.enabled
  app.get("/p/session/:secret/payment-methods/new", (c) =>
    inside(c, (portal, path) =>
      allowed(portal) ? c.html(newCardPage(portal, path, {})) : notFound(c, GONE),
    ),
  )
  app.post("/p/session/:secret/payment-methods/new", async (c) => {
    const body = await c.req.parseBody()
    return inside(c, (portal, path) => {
      if (!allowed(portal)) return notFound(c, GONE)
      const read = readCard(world, body)
      if (!("method" in read)) return c.html(newCardPage(portal, path, read))
      const wanted = body.default === "1" || cardsOf(world, portal.customer.id).length === 0
      const back = `${world.baseUrl}${path}?home${wanted ? "&default=1" : ""}`
      const { outcome, intent } = addCard(world, portal.customer, read.method, back)
      if (outcome.kind === "requires_action")
        return c.redirect(`/three-d-secure/${intent.client_secret}`, 303)
      if (outcome.kind === "declined")
        return c.html(newCardPage(portal, path, { message: outcome.decline.message }))
      if (wanted) makeDefault(world, portal.customer, read.method.id)
      return done(c, portal, path)
    })
  })
  app.post("/p/session/:secret/payment-methods/:card/:what{default|delete}", (c) =>
    inside(c, (portal, path) => {
      const method = world.store.get("payment_method", c.req.param("card"))
      if (method?.customer !== portal.customer.id || !allowed(portal)) return notFound(c, GONE)
      if (c.req.param("what") === "default") makeDefault(world, portal.customer, method.id)
      else detachPaymentMethod(world, method)
      return c.redirect(`${path}?home`, 303)
    }),
  )
}

function planRoutes(app: Hono, world: World, inside: Inside, done: Done, notFound: NotFound): void {
  const at = "/p/session/:secret/subscriptions/:id"
  const step = (
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
  const named = (price: WirePrice) => ({ price, product: productName(world, price) })
  const chosen = (c: Context, portal: OpenPortal) =>
    choicesOf(world, portal).find((price) => price.id === c.req.param("price"))
  const preview = (of: Step, price: WirePrice) =>
    previewChange(world, of.portal.configuration, of.subscription, price)
  app.get(`${at}/update`, (c) =>
    step(c, "subscription_update", (of) =>
      c.html(choosePlanPage(of, choicesOf(world, of.portal).map(named))),
    ),
  )
  app.get(`${at}/update/:price`, (c) =>
    step(c, "subscription_update", (of) => {
      const price = chosen(c, of.portal)
      if (!price) return notFound(c, "There is no such plan.")
      return c.html(confirmPlanPage(of, { choice: named(price), dueNow: preview(of, price), problem: null }))
    }),
  )
  app.post(`${at}/update/:price`, (c) =>
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
  app.get(`${at}/cancel`, (c) => step(c, "subscription_cancel", (of) => c.html(cancelPlanPage(of))))
  app.post(`${at}/cancel`, async (c) => {
    const { feedback } = await c.req.parseBody()
    return step(c, "subscription_cancel", (of) => {
      cancel(world, of, FEEDBACK.find((each) => each === feedback) ?? null)
      return done(c, of.portal, of.path)
    })
  })
  app.post(`${at}/keep`, (c) =>
    step(c, "subscription_cancel", ({ subscription, path }) => {
      changeSubscription(world, subscription, cancellationFields(world, subscription, false))
      return c.redirect(`${path}?home`, 303)
    }),
  )
  app.post(`${at}/release`, (c) =>
    step(c, "subscription_update", ({ subscription, path }) => {
      releaseSchedule(world, subscription)
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
