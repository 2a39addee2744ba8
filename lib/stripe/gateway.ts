import Stripe from "stripe"
import { fromPublicId, newId, toPublicId } from "@/lib/ids"
import { fromCents, toCents } from "./cents"
import { stripe } from "./client"
import { asOutcome, asReadOutcome, type Missing, type Unavailable, unavailable } from "./outcome"

export type CapturedPayment = {
  paymentIntentId: string
  /** What Stripe captured, in the currency's smallest unit. */
  amountMinor: bigint
  currency: string
  /** The same amount in nanos if it is US dollars, else null. */
  capturedNanos: bigint | null
  receiptUrl: string | null
}

/** Whose a Stripe object says it is. Only the customer is trusted; the purchase is looked up inside that customer's team. */
export type PaymentOwner = { customerId: string | null; purchaseId: string | null }

export type PaymentState =
  | { status: "open" }
  | { status: "processing" }
  | { status: "paid"; payment: CapturedPayment }
  | { status: "expired" }
  | { status: "failed"; reason: string }

export type CheckoutFound = { kind: "found"; sessionId: string; owner: PaymentOwner; state: PaymentState }
export type PaymentFound = { kind: "found"; owner: PaymentOwner; state: PaymentState }

/** Makes the team's customer. The same team asked again is the same customer, whatever its name is by then. */
export async function createCustomer(input: {
  teamId: string
  teamName: string
  email: string
}): Promise<{ kind: "created"; customerId: string } | Unavailable> {
  const id = toPublicId("team", input.teamId)
  // What may change between two attempts is sent separately: Stripe refuses a repeated key with another body.
  const create = (idempotencyKey: string) =>
    stripe().customers.create({ metadata: { team_id: id } }, { idempotencyKey })
  return asOutcome("create customer", async () => {
    const customer = await create(`customer_${id}`).catch((error: unknown) => {
      // Stripe repeats a failure of its own for as long as it keeps the key: a day in which the team could buy nothing.
      // At worst a second customer is made, which nobody uses.
      if (error instanceof Stripe.errors.StripeAPIError) return create(`customer_${id}_${newId()}`)
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
  /** Where Stripe sends people whose payment method leaves the page; `{CHECKOUT_SESSION_ID}` is filled in. */
  returnUrl: string
  expiresAt: Date
}

/** Opens the embedded checkout of a purchase. The same purchase asked again is the same checkout. */
export async function openCheckout(
  request: CheckoutRequest,
): Promise<{ kind: "opened"; sessionId: string; clientSecret: string } | Unavailable> {
  const purchaseId = toPublicId("pur", request.purchaseId)
  const metadata = { purchase_id: purchaseId }
  return asOutcome("open checkout", async () => {
    const session = await stripe().checkout.sessions.create(
      {
        ui_mode: "embedded_page",
        mode: "payment",
        customer: request.customerId,
        client_reference_id: purchaseId,
        metadata,
        line_items: [
          {
            quantity: 1,
            price_data: {
              currency: "usd",
              unit_amount: toCents(request.amountNanos),
              product_data: { name: "Credits", description: request.description },
            },
          },
        ],
        payment_intent_data: {
          metadata,
          description: request.description,
          receipt_email: request.receiptEmail,
          setup_future_usage: "off_session",
        },
        saved_payment_method_options: { allow_redisplay_filters: ["always", "limited", "unspecified"] },
        invoice_creation: { enabled: true, invoice_data: { metadata } },
        redirect_on_completion: "if_required",
        return_url: request.returnUrl,
        expires_at: Math.floor(request.expiresAt.getTime() / 1000),
      },
      { idempotencyKey: purchaseId },
    )
    if (!session.client_secret) throw new Error("Stripe opened a checkout without a client secret")
    return { kind: "opened", sessionId: session.id, clientSecret: session.client_secret }
  })
}

export async function readCheckout(sessionId: string): Promise<CheckoutFound | Missing | Unavailable> {
  return asReadOutcome("read checkout", async () => {
    const session = await stripe().checkout.sessions.retrieve(sessionId, {
      expand: ["payment_intent", "payment_intent.latest_charge"],
    })
    return { kind: "found", sessionId, owner: ownerOf(session), state: checkoutState(session) }
  })
}

export async function readPayment(paymentIntentId: string): Promise<PaymentFound | Missing | Unavailable> {
  return asReadOutcome("read payment", async () => {
    const intent = await stripe().paymentIntents.retrieve(paymentIntentId, { expand: ["latest_charge"] })
    return { kind: "found", owner: ownerOf(intent), state: paymentState(intent) }
  })
}

/** Ends an open checkout, so that nobody can pay it any more. `not_open` if it was paid or had ended before. */
export async function expireCheckout(
  sessionId: string,
): Promise<{ kind: "expired" } | { kind: "not_open" } | Unavailable> {
  try {
    await stripe().checkout.sessions.expire(sessionId, {}, { idempotencyKey: `expire_${sessionId}` })
    return { kind: "expired" }
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return { kind: "not_open" }
    return unavailable("expire checkout", error)
  }
}

function checkoutState(session: Stripe.Checkout.Session): PaymentState {
  if (session.status === "expired") return { status: "expired" }
  if (session.status !== "complete") return { status: "open" }
  const intent = session.payment_intent
  if (!intent || typeof intent === "string")
    throw new Error("Stripe completed a checkout without its payment")
  const state = paymentState(intent)
  // A completed checkout takes no second attempt: a delayed payment that isn't under way any more has failed.
  if (state.status === "open")
    return { status: "failed", reason: intent.last_payment_error?.message ?? "The payment failed." }
  return state
}

// A declined attempt leaves a payment open, because the person can try another card in the same checkout.
function paymentState(intent: Stripe.PaymentIntent): PaymentState {
  if (intent.status === "succeeded") return { status: "paid", payment: capturedPayment(intent) }
  if (intent.status === "processing") return { status: "processing" }
  if (intent.status === "canceled") return { status: "failed", reason: "The payment was cancelled." }
  return { status: "open" }
}

function capturedPayment(intent: Stripe.PaymentIntent): CapturedPayment {
  const charge = intent.latest_charge
  return {
    paymentIntentId: intent.id,
    amountMinor: BigInt(intent.amount_received),
    currency: intent.currency,
    capturedNanos: intent.currency === "usd" ? fromCents(intent.amount_received) : null,
    receiptUrl: charge && typeof charge !== "string" ? charge.receipt_url : null,
  }
}

function ownerOf(object: Pick<Stripe.Checkout.Session, "customer" | "metadata">): PaymentOwner {
  const { customer, metadata } = object
  const named = metadata?.purchase_id
  return {
    customerId: typeof customer === "string" ? customer : (customer?.id ?? null),
    purchaseId: named ? fromPublicId("pur", named) : null,
  }
}
