import type Stripe from "stripe"
import { invalidRequest } from "../notation/errors"
import { mergeMetadata } from "../notation/params"
import { newCheckoutSession, type SessionTerms } from "../objects/checkout-session"
import { newLineItem } from "../objects/line-item"
import { requireChargeable } from "../payments/intents"
import type { WireLineItem } from "../world/tables"
import type { World } from "../world/world"
import { setupTerms } from "./checkout-setup"
import { firstAmount, subscriptionDataOf } from "./checkout-subscription"
import type { SessionParams } from "./session-params"
import { requireConsistent, requireExpiry, requireUrls } from "./session-rules"

function lineItemsOf(world: World, params: SessionParams): WireLineItem[] {
  const items = (params.line_items ?? []).map((item) =>
    newLineItem(world, { ...item, metadata: mergeMetadata({}, item.metadata) }),
  )
  if (new Set(items.map((item) => item.currency)).size > 1)
    throw invalidRequest("All line items must use the same currency.", { param: "line_items" })
  const isRecurring = items.some((item) => item.price.type === "recurring")
  if (isRecurring === (params.mode === "subscription")) return items
  throw invalidRequest(
    isRecurring
      ? "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices."
      : "You must provide at least one recurring price in `subscription` mode when using prices.",
    { param: "line_items" },
  )
}

function savedOptions(params: SessionParams): Stripe.Checkout.Session.SavedPaymentMethodOptions | null {
  const given = params.saved_payment_method_options
  if (!params.customer && !given) return null
  return {
    allow_redisplay_filters: given?.allow_redisplay_filters ?? ["always"],
    payment_method_remove: given?.payment_method_remove ?? "disabled",
    payment_method_save: given?.payment_method_save ?? null,
  }
}

function invoiceCreation(params: SessionParams): Stripe.Checkout.Session.InvoiceCreation {
  const data = params.invoice_creation?.invoice_data
  return {
    enabled: params.invoice_creation?.enabled ?? false,
    invoice_data: {
      account_tax_ids: null,
      custom_fields: null,
      description: data?.description ?? null,
      footer: data?.footer ?? null,
      issuer: null,
      metadata: mergeMetadata({}, data?.metadata),
      rendering_options: null,
    },
  }
}

function customerCreation(params: SessionParams): "always" | "if_required" | null {
  if (params.customer) return null
  return params.mode === "subscription" ? "always" : (params.customer_creation ?? "if_required")
}

function productOf(world: World, item: WireLineItem | undefined): Stripe.Product | null {
  return world.store.get("product", String(item?.price.product)) ?? null
}

/** Splits a session's tax and discount over its items by price. The last one takes what rounding leaves. */
function withAdditions(items: WireLineItem[], discount: number, tax: number): WireLineItem[] {
  const whole = items.reduce((sum, item) => sum + item.amount_subtotal, 0)
  let [discountLeft, taxLeft] = [discount, tax]
  return items.map((item, index) => {
    const isLast = index === items.length - 1
    const part = whole === 0 ? 0 : item.amount_subtotal / whole
    const amount_discount = isLast ? discountLeft : Math.round(discount * part)
    const amount_tax = isLast ? taxLeft : Math.round(tax * part)
    discountLeft -= amount_discount
    taxLeft -= amount_tax
    return {
      ...item,
      amount_discount,
      amount_tax,
      amount_total: item.amount_subtotal - amount_discount + amount_tax,
    }
  })
}

function payingTerms(world: World, params: SessionParams): SessionTerms {
  const items = lineItemsOf(world, params)
  const subscriptionData = params.mode === "subscription" ? subscriptionDataOf(params) : null
  const total = subscriptionData
    ? firstAmount(world, items, subscriptionData)
    : items.reduce((sum, item) => sum + item.amount_total, 0)
  const currency = items[0]?.currency ?? "usd"
  requireChargeable(total, currency)
  const dashboard = world.dashboard.of({
    customer: params.customer,
    metadata: mergeMetadata({}, params.metadata),
  })
  const amount_tax = dashboard.checkout_tax ?? 0
  const amount_discount = dashboard.checkout_discount ?? 0
  // A subscription's card is charged again without the customer.
  const data = subscriptionData
    ? { description: "Subscription creation", setup_future_usage: "off_session" as const }
    : { ...params.payment_intent_data, metadata: mergeMetadata({}, params.payment_intent_data?.metadata) }
  return {
    fields: {
      adaptive_pricing: { enabled: params.adaptive_pricing?.enabled ?? dashboard.adaptive_pricing ?? false },
      amount_subtotal: total,
      amount_total: total - amount_discount + amount_tax,
      total_details: { amount_discount, amount_shipping: 0, amount_tax },
      currency,
      invoice_creation: subscriptionData ? null : invoiceCreation(params),
      ...(subscriptionData ? { payment_method_collection: "always" } : {}),
      saved_payment_method_options: savedOptions(params),
      submit_type: params.submit_type ?? null,
    },
    plan: {
      lineItems: withAdditions(items, amount_discount, amount_tax),
      blurb: items.length === 1 ? (productOf(world, items[0])?.description ?? null) : null,
      paymentIntentData: data,
      subscriptionData,
    },
  }
}

export function createSession(world: World, params: SessionParams): Stripe.Checkout.Session {
  const mode = params.ui_mode ?? "hosted_page"
  requireUrls(params, mode)
  requireExpiry(world, params.expires_at)
  requireConsistent(world, params)
  const terms = params.mode === "setup" ? setupTerms(world, params) : payingTerms(world, params)
  const session = newCheckoutSession(world, {
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    customer: params.customer ?? null,
    customer_creation: customerCreation(params),
    customer_details: initialDetails(world, params),
    customer_email: params.customer_email ?? null,
    locale: params.locale ?? null,
    metadata: mergeMetadata({}, params.metadata),
    mode: params.mode,
    success_url: params.success_url ?? null,
    ui_mode: mode,
    ...(params.expires_at === undefined ? {} : { expires_at: params.expires_at }),
    ...(mode === "embedded_page"
      ? { redirect_on_completion: params.redirect_on_completion ?? "always" }
      : {}),
    ...(params.return_url === undefined ? {} : { return_url: params.return_url }),
    ...terms.fields,
  })
  world.store.put("checkout_plan", {
    id: session.id,
    intent: null,
    ...terms.plan,
    savesCard: false,
    updatesName: params.customer_update?.name === "auto",
  })
  world.agenda.add("session_expiry", session.id, session.expires_at)
  return world.store.put("checkout_session", session)
}

function initialDetails(world: World, params: SessionParams): Stripe.Checkout.Session.CustomerDetails | null {
  const customer = world.store.get("customer", params.customer ?? "")
  const email = customer?.email ?? params.customer_email ?? null
  if (email === null) return null
  const name = customer?.name ?? null
  return {
    address: null,
    business_name: null,
    email,
    individual_name: null,
    name,
    phone: null,
    tax_exempt: "none",
    tax_ids: null,
  }
}
