import { invalidRequest, type StripeApiError } from "../notation/errors"
import { requireCustomerParam } from "../objects/customer"
import type { World } from "../world/world"
import type { SessionParams } from "./session-params"

const MINUTE_S = 60
const DAY_S = 24 * 3600

function missing(param: string): StripeApiError {
  return invalidRequest(`Missing required param: ${param}.`, { code: "parameter_missing", param })
}

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
    if (!params.success_url) throw missing("success_url")
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
    throw missing("return_url")
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
  requireOfMode(params)
}

/** Parameters that a mode has no use for. Stripe refuses them by name, so the stand-in does too. */
const FOREIGN = {
  payment: ["setup_intent_data", "subscription_data"],
  setup: [
    "adaptive_pricing",
    "invoice_creation",
    "line_items",
    "payment_intent_data",
    "saved_payment_method_options",
    "submit_type",
    "subscription_data",
  ],
  subscription: ["customer_creation", "invoice_creation", "payment_intent_data", "setup_intent_data"],
} as const

function requireOfMode(params: SessionParams): void {
  const { mode } = params
  for (const name of FOREIGN[mode]) {
    if (params[name])
      throw invalidRequest(`You can not pass \`${name}\` in \`${mode}\` mode.`, { param: name })
  }
  if (mode === "setup") requireForSetup(params)
  else requireForPaying(params)
}

function requireForPaying({ mode, currency, line_items: items }: SessionParams): void {
  if (currency) {
    throw invalidRequest("The Stripe stand-in takes `currency` in `setup` mode only.", { param: "currency" })
  }
  if (!items) throw missing("line_items")
  if (mode === "subscription" && items.length > 1) {
    throw invalidRequest("The Stripe stand-in's subscriptions have one line item.", { param: "line_items" })
  }
}

/** Without items nothing else says which payment methods there may be. */
function requireForSetup(params: SessionParams): void {
  if (!params.currency && !params.allowed_payment_method_types) throw missing("currency")
}
