import type { Hono } from "hono"
import { addCard, makeDefault } from "../billing/portal-actions"
import type { OpenPortal } from "../billing/portal-session"
import { cardsOf, detachPaymentMethod } from "../payments/payment-methods"
import type { World } from "../world/world"
import { readCard } from "./card-form"
import { GONE, type PortalAccess } from "./portal-access"
import { newCardPage } from "./portal-steps"

export function portalCardRoutes(app: Hono, world: World, { inside, done, notFound }: PortalAccess): void {
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
