import { type Context, Hono } from "hono"
import { html } from "hono/html"
import type Stripe from "stripe"
import { z } from "zod"
import { cardByNumber } from "../cards/cards"
import { requireAskedIntent } from "../checkout/authentication"
import { payCheckout, sessionOfIntent } from "../checkout/checkout"
import { StripeApiError } from "../notation/errors"
import { requirePlan } from "../objects/checkout-session"
import { createPaymentMethod } from "../objects/payment-method"
import { cardsOf } from "../payments/payment-methods"
import type { AttemptOutcome } from "../payments/payments"
import type { World } from "../world/world"
import { browserScript, stripeScript, styleSheet } from "./assets"
import { type CheckoutView, checkoutPage } from "./checkout"
import { elementsRoutes } from "./elements-routes"
import { invoiceRoutes } from "./invoice-routes"
import { page } from "./layout"
import { portalRoutes } from "./portal-routes"
import { receiptPage } from "./receipt"
import { threeDSecureRoutes } from "./three-d-secure-routes"

const POLICY =
  "default-src 'self'; img-src 'self' data:; frame-ancestors *; base-uri 'none'; object-src 'none'; form-action 'none'"

/** A form's answer may lead back to the shop, which browsers count as its action too. */
const FORMS_POLICY = POLICY.replace("form-action 'none'", "form-action *").replace(
  "frame-ancestors *",
  "frame-ancestors 'none'",
)

const paySchema = z.strictObject({
  email: z.string(),
  saved: z.string().optional(),
  save: z.boolean().optional(),
  card: z
    .strictObject({ number: z.string(), expMonth: z.number(), expYear: z.number(), name: z.string() })
    .optional(),
})

/** By client secret, as the embedded page has it, or by id, as in the hosted page's address. */
function findSession(world: World, key: string): Stripe.Checkout.Session | null {
  const session = world.store.get("checkout_session", key.split("_secret_")[0] ?? "")
  if (!session) return null
  return key === session.id || key === session.client_secret ? session : null
}

function viewOf(world: World, session: Stripe.Checkout.Session): CheckoutView {
  const customer = world.store.get("customer", String(session.customer))
  const filters = session.saved_payment_method_options?.allow_redisplay_filters ?? []
  const offered = (method: Stripe.PaymentMethod) => filters.includes(method.allow_redisplay ?? "unspecified")
  return {
    session,
    lineItems: requirePlan(world, session).lineItems,
    blurb: requirePlan(world, session).blurb,
    savedCards: customer ? cardsOf(world, customer.id).filter(offered) : [],
    email: { value: customer?.email ?? session.customer_email ?? "", fixed: Boolean(customer?.email) },
  }
}

/** Where the browser goes after paying. Null leaves it to the page around the checkout. */
function redirectOf(session: Stripe.Checkout.Session): string | null {
  const hosted = session.ui_mode === "hosted_page"
  const target = hosted
    ? session.success_url
    : session.redirect_on_completion === "always"
      ? session.return_url
      : null
  return target?.replaceAll("{CHECKOUT_SESSION_ID}", session.id) ?? null
}

function answerOf(world: World, outcome: AttemptOutcome, session: Stripe.Checkout.Session): object {
  if (outcome.kind === "declined") return { kind: "declined", message: outcome.decline.message }
  if (outcome.kind !== "requires_action") return { kind: outcome.kind, redirect: redirectOf(session) }
  const { client_secret: secret } = requireAskedIntent(world, session)
  return { kind: "requires_action", url: `${world.baseUrl}/three-d-secure/${secret}` }
}

function pay(world: World, session: Stripe.Checkout.Session, body: z.infer<typeof paySchema>): object {
  if (session.status !== "open") return { kind: "closed" }
  const saved = viewOf(world, session).savedCards.find((method) => method.id === body.saved)
  const card = cardByNumber(body.card?.number ?? "")
  if (!saved && !card) {
    return { kind: "declined", message: "Your card was declined. Only Stripe's test cards work here." }
  }
  const { expMonth, expYear, name = null } = body.card ?? {}
  if (card)
    world.store.change("checkout_plan", requirePlan(world, session), { savesCard: body.save ?? false })
  const method =
    saved ?? (card && createPaymentMethod(world, { card, expMonth, expYear, name, email: body.email }))
  if (!method) throw new Error("There is no card to pay with")
  return answerOf(world, payCheckout(world, session, method, { email: body.email, name }), session)
}

function notFound(c: Context, what: string) {
  const body = page({ title: "Not found · Stripe stand-in", width: "narrow", body: html`<h1>${what}</h1>` })
  return c.html(body, 404)
}

function checkoutRoutes(app: Hono, world: World): void {
  app.get("/checkout/:key", (c) => {
    const session = findSession(world, c.req.param("key"))
    return session ? c.html(checkoutPage(viewOf(world, session))) : notFound(c, "There is no such checkout.")
  })
  app.post("/checkout/:key/pay", async (c) => {
    const session = findSession(world, c.req.param("key"))
    if (!session) return c.json({ kind: "closed" }, 404)
    return c.json(pay(world, session, paySchema.parse(await c.req.json())))
  })
}

function sessionOfCharge(world: World, charge: Stripe.Charge): Stripe.Checkout.Session | null {
  const intent = world.store.get("payment_intent", String(charge.payment_intent))
  return intent ? sessionOfIntent(world, intent) : null
}

/** Everything that a browser sees: the script for the shop's page, and the pages on the stand-in's own origin. */
export function pagesApp(world: World): Hono {
  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    // The portal's and the invoices' pages are plain forms. All others send by script.
    const hasForms = /^\/(p|invoices)\//.test(c.req.path)
    c.header("content-security-policy", hasForms ? FORMS_POLICY : POLICY)
    c.header("x-content-type-options", "nosniff")
    c.header("cache-control", "no-store")
  })
  app.get("/stripe.js", async (c) =>
    c.body(await stripeScript(new URL(c.req.url).origin), 200, { "content-type": "text/javascript" }),
  )
  app.get("/assets/:file{(card-form|checkout|payment-element|three-d-secure)\\.js}", async (c) => {
    const name = c.req.param("file").replace(/\.js$/, "")
    return c.body(await browserScript(name), 200, { "content-type": "text/javascript" })
  })
  app.get("/assets/stand-in.css", (c) => c.body(styleSheet("stand-in"), 200, { "content-type": "text/css" }))
  checkoutRoutes(app, world)
  elementsRoutes(app, world)
  threeDSecureRoutes(app, world, (outcome, session) => answerOf(world, outcome, session), notFound)
  app.get("/receipts/:id", (c) => {
    const charge = world.store.get("charge", c.req.param("id"))
    const session = charge && sessionOfCharge(world, charge)
    const items = session ? requirePlan(world, session).lineItems : []
    return charge?.paid ? c.html(receiptPage(charge, items)) : notFound(c, "There is no such receipt.")
  })
  invoiceRoutes(app, world, notFound)
  portalRoutes(app, world, notFound)
  app.notFound((c) => notFound(c, "The Stripe stand-in has no such page."))
  app.onError((error, c) => {
    if (!(error instanceof StripeApiError)) console.error("The Stripe stand-in failed:", error)
    return c.json({ kind: "declined", message: error.message }, 200)
  })
  return app
}
