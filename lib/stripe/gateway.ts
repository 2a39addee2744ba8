import Stripe from "stripe"
import { newId, toPublicId } from "@/lib/ids"
import { areCreditsInvoiced } from "./are-credits-invoiced"
import { toCents } from "./cents"
import { stripe } from "./client"
import { asOutcome, asReadOutcome, isMissing, type Missing, type Unanswered } from "./outcome"
import { checkoutState, ownerOf, type PaymentOwner, type PaymentState, paymentState } from "./payment-state"

/** Stripe has no such customer: it was deleted there, or belongs to another account. */
export type CustomerMissing = { kind: "customer_missing" }

export type PaymentFound = {
  kind: "found"
  /** The checkout in which it was or will be paid. Null for a payment that no checkout asked for. */
  sessionId: string | null
  owner: PaymentOwner
  state: PaymentState
}

/** Creates the team's customer. A repeated call returns the same customer, whatever the team's name is by then. */
export async function createCustomer(input: {
  teamId: string
  teamName: string
  email: string
  /** How many customers the team had before, all of them gone at Stripe. */
  generation: number
}): Promise<{ kind: "created"; customerId: string } | Unanswered> {
  const id = toPublicId("team", input.teamId)
  const key = `customer_${id}_${input.generation}`
  // Fields that may change between two attempts are sent separately, because Stripe refuses a repeated key with
  // another body.
  const create = (idempotencyKey: string) =>
    stripe().customers.create({ metadata: { team_id: id } }, { idempotencyKey })
  return asOutcome("create customer", async () => {
    const customer = await create(key).catch((error: unknown) => {
      // Stripe repeats its own failure for as long as it keeps the key: the team could buy nothing for a day. At
      // worst a second customer is created, which nobody uses.
      if (error instanceof Stripe.errors.StripeAPIError) return create(`${key}_${newId()}`)
      throw error
    })
    await stripe().customers.update(customer.id, { name: input.teamName, email: input.email })
    return { kind: "created", customerId: customer.id }
  })
}

export type CheckoutRequest = {
  purchaseId: string
  customerId: string
  amountNanos: bigint
  description: string
  receiptEmail: string
  /** Stripe sends people here whose payment method leaves the page, and fills in `{CHECKOUT_SESSION_ID}`. */
  returnUrl: string
  expiresAt: Date
}

/** Opens the embedded checkout of a purchase. A repeated call for the purchase returns the same checkout. */
export async function openCheckout(
  request: CheckoutRequest,
): Promise<{ kind: "opened"; sessionId: string; clientSecret: string } | CustomerMissing | Unanswered> {
  return asOutcome("open checkout", async () => {
    try {
      const idempotencyKey = `${toPublicId("pur", request.purchaseId)}_${request.customerId}`
      const session = await stripe().checkout.sessions.create(checkoutParams(request), { idempotencyKey })
      if (!session.client_secret) throw new Error("Stripe opened a checkout without a client secret")
      return { kind: "opened", sessionId: session.id, clientSecret: session.client_secret }
    } catch (error) {
      if (isMissing(error) && error.param === "customer") return { kind: "customer_missing" }
      throw error
    }
  })
}

function checkoutParams(request: CheckoutRequest): Stripe.Checkout.SessionCreateParams {
  const purchaseId = toPublicId("pur", request.purchaseId)
  const metadata = { purchase_id: purchaseId }
  const { description } = request
  const product = { name: "Credits", description }
  return {
    ui_mode: "embedded_page",
    mode: "payment",
    customer: request.customerId,
    client_reference_id: purchaseId,
    metadata,
    line_items: [
      {
        quantity: 1,
        price_data: { currency: "usd", unit_amount: toCents(request.amountNanos), product_data: product },
      },
    ],
    payment_intent_data: {
      metadata,
      description,
      receipt_email: request.receiptEmail,
      setup_future_usage: "off_session",
    },
    // Otherwise a setting in the Dashboard lets people pay in another currency, which no rule can credit.
    adaptive_pricing: { enabled: false },
    saved_payment_method_options: { allow_redisplay_filters: ["always", "limited", "unspecified"] },
    invoice_creation: areCreditsInvoiced() ? { enabled: true, invoice_data: { metadata } } : undefined,
    redirect_on_completion: "if_required",
    return_url: request.returnUrl,
    expires_at: Math.floor(request.expiresAt.getTime() / 1000),
  }
}

/** A checkout in which a customer subscribes, not a purchase of credits. */
export type SubscriptionCheckoutFound = { kind: "subscription"; customerId: string | null }

export async function readCheckout(
  sessionId: string,
): Promise<PaymentFound | SubscriptionCheckoutFound | Missing | Unanswered> {
  return asReadOutcome("read checkout", async () => {
    const session = await stripe().checkout.sessions.retrieve(sessionId, {
      expand: ["payment_intent", "payment_intent.latest_charge"],
    })
    const owner = ownerOf(session)
    if (session.mode === "subscription") return { kind: "subscription", customerId: owner.customerId }
    return { kind: "found", sessionId, owner, state: checkoutState(session) }
  })
}

export async function readPayment(paymentIntentId: string): Promise<PaymentFound | Missing | Unanswered> {
  return asReadOutcome("read payment", async () => {
    const intent = await stripe().paymentIntents.retrieve(paymentIntentId, { expand: ["latest_charge"] })
    const sessions = await stripe().checkout.sessions.list({ payment_intent: paymentIntentId, limit: 1 })
    const [session] = sessions.data
    const state = paymentState(intent, session)
    return { kind: "found", sessionId: session?.id ?? null, owner: ownerOf(intent), state }
  })
}

/** Ends an open checkout, so that nobody can pay it any more. `not_open` if it was paid or had already ended. */
export async function expireCheckout(
  sessionId: string,
): Promise<{ kind: "expired" } | { kind: "not_open" } | Unanswered> {
  return asOutcome("expire checkout", async () => {
    try {
      await stripe().checkout.sessions.expire(sessionId, {}, { idempotencyKey: `expire_${sessionId}` })
      return { kind: "expired" }
    } catch (error) {
      if (error instanceof Stripe.errors.StripeInvalidRequestError) return { kind: "not_open" }
      throw error
    }
  })
}
