import { invalidRequest } from "./errors"
import { requireCustomerParam } from "./objects/customer"
import type { SessionParams } from "./routes/checkout-session-params"
import type { World } from "./world"

const MINUTE_S = 60
const DAY_S = 24 * 3600

export function requireExpiry(world: World, expiresAt: number | undefined): void {
  if (expiresAt === undefined) return
  const lifeS = expiresAt - world.clock.now()
  if (lifeS < 30 * MINUTE_S - 5) {
    throw invalidRequest(
      "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
      { param: "expires_at" },
    )
  }
  if (lifeS > DAY_S + 5) {
    throw invalidRequest(
      "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
      { param: "expires_at" },
    )
  }
}

export function requireUrls(params: SessionParams, mode: string): void {
  if (mode === "hosted_page") {
    if (!params.success_url)
      throw invalidRequest("Missing required param: success_url.", {
        code: "parameter_missing",
        param: "success_url",
      })
    if (params.return_url)
      throw invalidRequest("`return_url` may only be used with `ui_mode: embedded_page`.", {
        param: "return_url",
      })
    return
  }
  if (params.success_url || params.cancel_url) {
    throw invalidRequest(
      "`success_url` and `cancel_url` can't be used with `ui_mode: embedded_page`; use `return_url`.",
      { param: "success_url" },
    )
  }
  if (params.redirect_on_completion === "never" && params.return_url) {
    throw invalidRequest("You can't pass `return_url` when `redirect_on_completion` is `never`.", {
      param: "return_url",
    })
  }
  if (params.redirect_on_completion !== "never" && !params.return_url) {
    throw invalidRequest("Missing required param: return_url.", {
      code: "parameter_missing",
      param: "return_url",
    })
  }
}

export function requireConsistent(world: World, params: SessionParams): void {
  if (params.customer && params.customer_email) {
    throw invalidRequest("You may only specify one of these parameters: customer, customer_email.")
  }
  if (params.customer_update && !params.customer) {
    throw invalidRequest("`customer_update` can only be used with `customer`.", { param: "customer_update" })
  }
  if (params.customer) requireCustomerParam(world, params.customer)
  if (params.mode === "subscription") requireForSubscription(params)
  else if (params.subscription_data) {
    throw invalidRequest("You can not pass `subscription_data` in `payment` mode.", {
      param: "subscription_data",
    })
  }
}

function requireForSubscription(params: SessionParams): void {
  for (const name of ["payment_intent_data", "invoice_creation", "customer_creation"] as const) {
    if (params[name])
      throw invalidRequest(`You can not pass \`${name}\` in \`subscription\` mode.`, { param: name })
  }
  if (params.line_items.length > 1) {
    throw invalidRequest("The Stripe stand-in's subscriptions have one line item.", { param: "line_items" })
  }
}
