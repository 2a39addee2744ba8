import { Hono } from "hono"
import { z } from "zod"
import { answerBank, requireAskedIntent } from "../checkout/authentication"
import {
  concludeAuthentication,
  expireSession,
  payCheckout,
  requireSessionIntent,
  settleIntent,
} from "../checkout/checkout"
import { presentIn } from "../checkout/presentment"
import { faultSchema } from "../faults/faults"
import { webhookRuleSchema } from "../faults/webhook-rules"
import { StripeApiError } from "../notation/errors"
import { requireSession } from "../objects/checkout-session"
import { requireIntent } from "../objects/payment-intent"
import { resolvePaymentMethod } from "../objects/payment-method"
import { dashboardSchema } from "../world/dashboard"
import { steerSchema } from "../world/steering"
import type { World } from "../world/world"
import { bodyOf } from "./body"
import { cardControl } from "./card-routes"
import { chanceControl } from "./chance-routes"
import { moneyBackControl } from "./money-back-routes"
import type { ControlParts } from "./parts"
import { advanceSchema, paySchema, settleSchema } from "./schemas"
import { subscriptionControl } from "./subscription-routes"
import { webhookControl } from "./webhook-routes"

function steering(app: Hono, { world, faults, webhooks }: ControlParts): void {
  app.post("/faults", async (c) => {
    faults.add(await bodyOf(c, faultSchema))
    return c.json({ ok: true })
  })
  app.delete("/faults", (c) => {
    faults.clear()
    return c.json({ ok: true })
  })
  app.post("/payments/next", async (c) => {
    world.steering.add(await bodyOf(c, steerSchema))
    return c.json({ ok: true })
  })
  app.post("/dashboard", async (c) => {
    world.dashboard.set(await bodyOf(c, dashboardSchema))
    return c.json({ ok: true })
  })
  app.post("/webhooks/rules", async (c) => {
    webhooks.rules.add(await bodyOf(c, webhookRuleSchema))
    return c.json({ ok: true })
  })
  app.delete("/webhooks/rules", (c) => {
    webhooks.rules.clear()
    return c.json({ ok: true })
  })
  app.post("/reset", (c) => {
    faults.clear()
    world.steering.clear()
    world.dashboard.clear()
    webhooks.rules.clear()
    return c.json({ ok: true })
  })
}

function money(app: Hono, { world }: ControlParts): void {
  app.post("/checkout/:id/pay", async (c) => {
    const body = await bodyOf(c, paySchema)
    const session = requireSession(world, c.req.param("id"))
    const method = resolvePaymentMethod(world, body.payment_method)
    if (body.currency) presentIn(world, session, body.currency)
    let outcome = payCheckout(world, session, method, { email: body.email ?? null, name: body.name ?? null })
    if (outcome.kind === "requires_action" && body.authenticate) {
      const intent = requireAskedIntent(world, session)
      outcome = answerBank(world, intent, body.authenticate === "complete")
    }
    return c.json({ outcome, session })
  })
  app.post("/checkout/:id/expire", (c) => {
    const session = requireSession(world, c.req.param("id"))
    expireSession(world, session)
    return c.json(session)
  })
  app.post("/payment_intents/:id/authenticate", async (c) => {
    const { outcome } = await bodyOf(c, z.strictObject({ outcome: z.enum(["complete", "fail"]) }))
    const intent = requireIntent(world, c.req.param("id"))
    return c.json({ outcome: concludeAuthentication(world, intent, outcome === "complete"), intent })
  })
  app.post("/payment_intents/:id/settle", async (c) => {
    const body = await bodyOf(c, settleSchema)
    const intent = requireIntent(world, c.req.param("id"))
    settleIntent(world, intent, body.outcome === "succeed" ? null : body.decline_code)
    return c.json(intent)
  })
  app.post("/checkout/:id/settle", async (c) => {
    const body = await bodyOf(c, settleSchema)
    const session = requireSession(world, c.req.param("id"))
    const intent = requireSessionIntent(world, session)
    settleIntent(world, intent, body.outcome === "succeed" ? null : body.decline_code)
    return c.json(intent)
  })
}

/** Returns what disputes have withdrawn from our balance and not returned, without fees. */
function disputedOf({ store }: World, charge: string): number {
  const moves = store.where("dispute", "charge", charge).flatMap((each) => each.balance_transactions)
  return -moves.reduce((sum, { amount }) => sum + amount, 0)
}

function views(app: Hono, { world, log, contract }: ControlParts): void {
  app.get("/health", (c) => c.json({ ok: true }))
  app.get("/clock", (c) => c.json({ now: world.clock.now(), now_ms: world.clock.nowMs() }))
  app.post("/clock/advance", async (c) => {
    world.clock.advance((await bodyOf(c, advanceSchema)).ms)
    world.agenda.run()
    return c.json({ now: world.clock.now(), now_ms: world.clock.nowMs() })
  })
  app.get("/requests", (c) => {
    const { customer, path, method, key } = c.req.query()
    const data = log.calls.filter((call) => {
      const here = (!path || call.path.startsWith(path)) && (!method || call.method === method)
      return here && (!customer || call.customer === customer) && (!key || call.idempotencyKey === key)
    })
    return c.json({ count: data.length, data })
  })
  app.get("/payments", (c) => {
    const { customer } = c.req.query()
    const charges = customer ? world.store.where("charge", "customer", customer) : world.store.list("charge")
    const data = charges
      .filter((charge) => charge.status === "succeeded")
      .map((charge) => ({
        id: String(charge.payment_intent),
        charge: charge.id,
        customer: charge.customer,
        amount_received: charge.amount_captured,
        currency: charge.currency,
        refunded: charge.amount_refunded,
        disputed: disputedOf(world, charge.id),
        metadata: charge.metadata,
      }))
    return c.json({ count: data.length, data })
  })
  app.get("/contract", (c) =>
    c.json({
      enabled: contract !== null,
      checked: contract?.checked ?? 0,
      violations: contract?.violations ?? [],
    }),
  )
}

/** Everything that a test may do and no customer of Stripe's API can. */
export function controlApp(parts: ControlParts): Hono {
  const app = new Hono()
  steering(app, parts)
  money(app, parts)
  cardControl(app, parts)
  subscriptionControl(app, parts)
  moneyBackControl(app, parts)
  views(app, parts)
  webhookControl(app, parts)
  chanceControl(app, parts)
  app.notFound((c) => c.json({ error: `No control route ${c.req.method} ${c.req.path}` }, 404))
  app.onError((error, c) => {
    if (error instanceof StripeApiError)
      return c.json({ error: error.body }, error.status === 404 ? 404 : 400)
    if (error instanceof z.ZodError) return c.json({ error: z.prettifyError(error) }, 400)
    return c.json({ error: error.message }, error instanceof SyntaxError ? 400 : 500)
  })
  return app
}
