import type { Context, Hono } from "hono"
import type Stripe from "stripe"
import { z } from "zod"
import { answerBank } from "../checkout/authentication"
import { sessionOfIntent } from "../checkout/checkout"
import { sessionOfSetup } from "../objects/checkout-session"
import { type AnyIntent, intentBySecret } from "../payments/client-secret"
import type { AttemptOutcome } from "../payments/payments"
import type { World } from "../world/world"
import { threeDSecurePage } from "./three-d-secure"

export type AnswerOf = (outcome: AttemptOutcome, session: Stripe.Checkout.Session) => object

/** Returns the shop's address after an authentication outside of Checkout, with what Stripe appends. */
function returnUrl(intent: AnyIntent, target: string | null, succeeded: boolean): string | null {
  if (!target) return null
  const url = new URL(target)
  url.searchParams.set(intent.object, intent.id)
  url.searchParams.set(`${intent.object}_client_secret`, intent.client_secret ?? "")
  url.searchParams.set("redirect_status", succeeded ? "succeeded" : "failed")
  return url.href
}

function authenticate(world: World, intent: AnyIntent, success: boolean, answerOf: AnswerOf): object {
  const session =
    intent.object === "payment_intent" ? sessionOfIntent(world, intent) : sessionOfSetup(world, intent)
  const target = intent.next_action?.redirect_to_url?.return_url ?? null
  const outcome = answerBank(world, intent, success)
  if (session) return answerOf(outcome, session)
  return { kind: outcome.kind, redirect: returnUrl(intent, target, outcome.kind === "succeeded") }
}

export function threeDSecureRoutes(
  app: Hono,
  world: World,
  answerOf: AnswerOf,
  notFound: (c: Context, what: string) => Response | Promise<Response>,
): void {
  app.get("/three-d-secure/:secret", (c) => {
    const intent = intentBySecret(world, c.req.param("secret"))
    const framed = c.req.query("nested") !== undefined || c.req.query("host") !== undefined
    return intent ? c.html(threeDSecurePage(intent, framed)) : notFound(c, "There is no such payment.")
  })
  app.post("/three-d-secure/:secret", async (c) => {
    const intent = intentBySecret(world, c.req.param("secret"))
    if (!intent) return c.json({ kind: "closed" }, 404)
    const { outcome } = z.strictObject({ outcome: z.enum(["complete", "fail"]) }).parse(await c.req.json())
    return c.json(authenticate(world, intent, outcome === "complete", answerOf))
  })
}
