import type { Context, Hono } from "hono"
import { defaultMethodOf } from "../billing/collect"
import { makeDefault } from "../billing/portal-actions"
import type { OpenPortal } from "../billing/portal-session"
import { scheduledPrice } from "../billing/schedules"
import { productName } from "../objects/price"
import { hasEnded } from "../objects/subscription"
import { cardsOf } from "../payments/payment-methods"
import type { World } from "../world/world"
import { type PortalView, portalHome } from "./portal"
import { type NotFound, portalAccess } from "./portal-access"
import { portalCardRoutes } from "./portal-card-routes"
import { portalPlanRoutes } from "./portal-plan-routes"

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

export function portalRoutes(app: Hono, world: World, notFound: NotFound): void {
  const access = portalAccess(world, notFound)
  app.get("/p/session/:secret", (c) =>
    access.inside(c, (portal, path) => {
      if (c.req.query("redirect_status")) finishNewCard(c, world, portal)
      const flow = c.req.query("home") === undefined ? flowPath(portal, path) : null
      return flow ? c.redirect(flow, 303) : c.html(portalHome(viewOf(world, portal, path)))
    }),
  )
  portalCardRoutes(app, world, access)
  portalPlanRoutes(app, world, access)
}

/** Handles the return from the bank's page. Doing it twice changes nothing. */
function finishNewCard(c: Context, world: World, { customer }: OpenPortal): void {
  const intent = world.store.get("setup_intent", c.req.query("setup_intent") ?? "")
  const card = intent?.status === "succeeded" ? String(intent.payment_method) : ""
  const isOwn = world.store.get("payment_method", card)?.customer === customer.id
  if (isOwn && c.req.query("default")) makeDefault(world, customer, card)
}
