import type { z } from "zod"
import { invalidRequest, resourceMissing } from "../notation/errors"
import { mergeMetadata } from "../notation/params"
import { requireCustomerParam } from "../objects/customer"
import { requirePriceParam, requireRecurring } from "../objects/price"
import { cardError } from "../payments/declines"
import { attemptPayment } from "../payments/payments"
import type { WireSubscription } from "../world/billing-tables"
import type { World } from "../world/world"
import { collectInvoice, defaultMethodOf, newInvoiceIntent, requireInvoiceIntent } from "./collect"
import { applyBalance } from "./invoices"
import { firstPeriod, startPaidSubscription, startSubscription, type Terms } from "./start-subscription"
import type { createParams } from "./subscription-params"

const DAY_S = 24 * 3600

type Params = z.infer<typeof createParams>

/** Returns a saved card of the subscription's own customer. */
export function requireOwnCard(world: World, customer: string, id: string): string {
  const method = world.store.get("payment_method", id)
  if (method?.customer === customer) return id
  throw resourceMissing("PaymentMethod", id, "default_payment_method")
}

function termsOf(world: World, params: Params): Terms {
  const customer = requireCustomerParam(world, params.customer)
  const [item] = params.items
  const price = requirePriceParam(world, item?.price ?? "", "items[0][price]")
  requireRecurring(price)
  if (params.trial_end !== undefined && params.trial_period_days !== undefined) {
    throw invalidRequest("You may only specify one of these parameters: trial_end, trial_period_days.")
  }
  const days = params.trial_period_days
  const own = params.default_payment_method
  return {
    customer,
    price,
    quantity: item?.quantity ?? 1,
    anchor: params.billing_cycle_anchor ?? null,
    prorates: params.proration_behavior !== "none",
    trialEnd: params.trial_end ?? (days === undefined ? null : world.clock.now() + days * DAY_S),
    fields: {
      default_payment_method: own ? requireOwnCard(world, customer.id, own) : null,
      description: params.description ?? null,
      metadata: mergeMetadata({}, params.metadata),
      ...(params.trial_settings
        ? {
            trial_settings: {
              end_behavior: { billing_cycle_anchor: null, ...params.trial_settings.end_behavior },
            },
          }
        : {}),
      payment_settings: {
        payment_method_options: null,
        payment_method_types: null,
        save_default_payment_method: params.payment_settings?.save_default_payment_method ?? "off",
      },
    },
  }
}

export function createSubscription(world: World, params: Params): WireSubscription {
  const terms = termsOf(world, params)
  const behavior = params.payment_behavior ?? "allow_incomplete"
  if (behavior === "error_if_incomplete") return payThenStart(world, terms)
  const { subscription, invoice } = startSubscription(world, terms)
  if (behavior === "default_incomplete" && invoice.amount_due > 0) {
    requireInvoiceIntent(world, invoice)
    return subscription
  }
  collectInvoice(world, invoice, {
    method: defaultMethodOf(world, terms.customer.id, subscription.default_payment_method),
    offSession: params.off_session ?? false,
    automatic: true,
  })
  return subscription
}

/** Leaves nothing behind but the refused payment when the card doesn't pay. */
function payThenStart(world: World, terms: Terms): WireSubscription {
  const { customer } = terms
  const { due } = applyBalance(firstPeriod(world, terms).amount, customer.balance)
  if (due === 0) {
    const { subscription, invoice } = startSubscription(world, terms)
    collectInvoice(world, invoice, { method: null, offSession: true, automatic: true })
    return subscription
  }
  const own = terms.fields.default_payment_method ?? null
  const intent = payNow(world, {
    amount_due: due,
    currency: terms.price.currency,
    customer: customer.id,
    billing_reason: "subscription_create",
    method: defaultMethodOf(world, customer.id, own),
  })
  return startPaidSubscription(world, terms, intent).subscription
}

type NewPayment = Parameters<typeof newInvoiceIntent>[1] & { method: ReturnType<typeof defaultMethodOf> }

/** Makes a payment before its invoice exists. Throws a 402 when it doesn't go through. */
export function payNow(world: World, { method, ...of }: NewPayment): ReturnType<typeof newInvoiceIntent> {
  if (!method) {
    throw invalidRequest(
      "This customer has no attached payment source or default payment method. Please consider adding a default payment method.",
      { code: "resource_missing" },
    )
  }
  const intent = newInvoiceIntent(world, of)
  const attempt = { intent, method, offSession: true, authenticated: false, returnUrl: null }
  const outcome = attemptPayment(world, attempt)
  if (outcome.kind === "declined") throw cardError(intent, outcome.decline)
  return intent
}
