import type { Hono } from "hono"
import type Stripe from "stripe"
import { concludeSetupAuthentication } from "../checkout/checkout-setup"
import { resourceMissing } from "../notation/errors"
import { createOtherMethod } from "../objects/other-methods"
import { requireSetupIntent } from "../objects/setup-intent"
import { requireCard, updateCard } from "../payments/payment-methods"
import { setupSteerSchema } from "../world/steering"
import type { World } from "../world/world"
import { bodyOf } from "./body"
import { authenticateSchema, cardUpdateSchema, otherMethodSchema } from "./card-schemas"
import type { ControlParts } from "./parts"

function requireMethod(world: World, id: string): Stripe.PaymentMethod {
  const method = world.store.get("payment_method", id)
  if (!method) throw resourceMissing("PaymentMethod", id, "payment_method")
  return method
}

function setups(app: Hono, { world }: ControlParts): void {
  app.post("/setups/next", async (c) => {
    world.steering.add(await bodyOf(c, setupSteerSchema), "setup_intent")
    return c.json({ ok: true })
  })
  app.post("/setup_intents/:id/authenticate", async (c) => {
    const { outcome } = await bodyOf(c, authenticateSchema)
    const intent = requireSetupIntent(world, c.req.param("id"))
    return c.json({ outcome: concludeSetupAuthentication(world, intent, outcome === "complete"), intent })
  })
}

function otherMethods(app: Hono, { world }: ControlParts): void {
  app.post("/payment_methods", async (c) => {
    const { type, email } = await bodyOf(c, otherMethodSchema)
    return c.json(createOtherMethod(world, type, email))
  })
}

function savedCards(app: Hono, { world }: ControlParts): void {
  app.post("/payment_methods/:id/expire", (c) => {
    const method = requireMethod(world, c.req.param("id"))
    return c.json(updateCard(world, method, { exp_year: new Date(world.clock.nowMs()).getUTCFullYear() - 1 }))
  })
  app.post("/payment_methods/:id/update", async (c) => {
    const { automatic, ...date } = await bodyOf(c, cardUpdateSchema)
    const method = requireMethod(world, c.req.param("id"))
    const type = automatic ? "payment_method.automatically_updated" : "payment_method.updated"
    return c.json(updateCard(world, method, date, type))
  })
  app.post("/payment_methods/:id/require_authentication", (c) => {
    const method = requireMethod(world, c.req.param("id"))
    world.store.change("card", requireCard(world, method), { wantsAuthentication: true })
    return c.json(method)
  })
}

/** Acts of banks and card networks on saved cards. */
export function cardControl(app: Hono, parts: ControlParts): void {
  setups(app, parts)
  otherMethods(app, parts)
  savedCards(app, parts)
}
