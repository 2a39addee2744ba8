import type { Context, Hono } from "hono"
import { z } from "zod"
import { resourceMissing, StripeApiError } from "../notation/errors"
import {
  browserConfirmSchema,
  cardFromBrowser,
  confirmInBrowser,
  intentBySecret,
  newMethodSchema,
  publicError,
  publicIntent,
} from "../payments/client-secret"
import type { World } from "../world/world"
import { controllerPage, paymentElementPage } from "./payment-element"

/** Stripe.js gets refusals as answers, so they travel with status 200. */
async function answered(c: Context, world: World, work: () => Promise<object> | object): Promise<Response> {
  try {
    return c.json(await work())
  } catch (error) {
    if (error instanceof StripeApiError) return c.json({ error: publicError(world, error) })
    if (!(error instanceof z.ZodError)) throw error
    return c.json({ error: { type: "invalid_request_error", message: z.prettifyError(error) } })
  }
}

function requireIntent(world: World, secret: string) {
  const intent = intentBySecret(world, secret)
  if (!intent) throw resourceMissing("intent", secret.split("_secret_")[0] ?? "", "intent")
  return intent
}

/** The frames of Stripe.js in the shop's page, and their requests. */
export function elementsRoutes(app: Hono, world: World): void {
  app.get("/elements/payment", (c) => {
    const { intent: secret, mode, theme, terms } = c.req.query()
    const intent = secret === undefined ? null : intentBySecret(world, secret)
    return c.html(
      paymentElementPage({
        saves: intent ? intent.object === "setup_intent" : mode === "setup",
        isMissing: secret !== undefined && intent === null,
        isDark: theme === "night",
        showsTerms: terms !== "never",
      }),
    )
  })
  app.get("/elements/controller", (c) => c.html(controllerPage()))
  app.get("/elements/intents/:secret", (c) =>
    answered(c, world, () => ({
      intent: publicIntent(world, requireIntent(world, c.req.param("secret"))),
    })),
  )
  app.post("/elements/intents/:secret/confirm", (c) =>
    answered(c, world, async () => {
      const body = browserConfirmSchema.parse(await c.req.json())
      const intent = confirmInBrowser(world, requireIntent(world, c.req.param("secret")), body)
      return { intent: publicIntent(world, intent, body.params.expand) }
    }),
  )
  app.post("/elements/payment_methods", (c) =>
    answered(c, world, async () => ({
      paymentMethod: cardFromBrowser(world, newMethodSchema.parse(await c.req.json())),
    })),
  )
}
