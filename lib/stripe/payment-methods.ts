import Stripe from "stripe"
import { fromCents } from "./cents"
import { stripe } from "./client"
import { asOutcome, asReadOutcome, type Missing, type Unanswered } from "./outcome"
import { payLiveSubscriptionsWith } from "./subscription-payments"

export type StripePaymentMethod = {
  id: string
  /** `card`, `link`, `us_bank_account` … */
  type: string
  card: { brand: string; last4: string; expMonth: number; expYear: number } | null
  /** Stays the same however often the card or bank account is saved. */
  fingerprint: string | null
  /** How people recognise it if it isn't a card. */
  label: string | null
  createdAt: Date
}

export type PaymentMethodsFound = {
  kind: "found"
  /** One of `methods`, or null. */
  defaultId: string | null
  /** The credit that Stripe takes off the customer's next invoices. */
  creditNanos: bigint
  methods: StripePaymentMethod[]
}

/** Returns everything that a customer can be charged with. Missing: Stripe has no such customer, or no longer. */
export async function readPaymentMethods(
  customerId: string,
): Promise<PaymentMethodsFound | Missing | Unanswered> {
  return asReadOutcome("read payment methods", async () => {
    const customer = await stripe().customers.retrieve(customerId)
    if (customer.deleted) return { kind: "missing" }
    const methods: StripePaymentMethod[] = []
    for await (const method of stripe().customers.listPaymentMethods(customerId, { limit: 100 }))
      methods.push(toPaymentMethod(method))
    const wanted = idOf(customer.invoice_settings.default_payment_method)
    const defaultId = methods.find(({ id }) => id === wanted)?.id ?? null
    return { kind: "found", defaultId, creditNanos: creditOf(customer), methods }
  })
}

// Nothing is sold in another currency, but an operator's own invoices may have left a balance in one.
function creditOf({ balance, currency }: Stripe.Customer): bigint {
  return balance < 0 && currency === "usd" ? fromCents(-balance) : 0n
}

/**
 * Makes one of the customer's payment methods pay for everything: invoices, and the subscriptions that name one of
 * their own. Missing: the customer has no such payment method.
 */
export async function setDefaultPaymentMethod(
  customerId: string,
  paymentMethodId: string,
): Promise<{ kind: "set" } | Missing | Unanswered> {
  return asReadOutcome("set default payment method", async () => {
    await stripe().customers.retrievePaymentMethod(customerId, paymentMethodId)
    // No key made of the two ids: Stripe would answer from memory when somebody chooses A, then B, then A again.
    await stripe().customers.update(customerId, {
      invoice_settings: { default_payment_method: paymentMethodId },
    })
    await payLiveSubscriptionsWith(customerId, paymentMethodId)
    return { kind: "set" }
  })
}

/** Repeats the second half of setting a default, with the customer's present default. */
export async function payAllWithDefault(
  customerId: string,
): Promise<{ kind: "done" } | Missing | Unanswered> {
  return asReadOutcome("pay all with the default", async () => {
    const customer = await stripe().customers.retrieve(customerId)
    if (customer.deleted) return { kind: "missing" }
    const defaultId = idOf(customer.invoice_settings.default_payment_method)
    if (defaultId) await payLiveSubscriptionsWith(customerId, defaultId)
    return { kind: "done" }
  })
}

/** Removes a payment method from the customer for good. Missing: the customer no longer has it. */
export async function detachPaymentMethod(
  customerId: string,
  paymentMethodId: string,
): Promise<{ kind: "detached" } | Missing | Unanswered> {
  return asOutcome("detach payment method", async () => {
    const found = await asReadOutcome("read payment method", async () =>
      stripe().customers.retrievePaymentMethod(customerId, paymentMethodId),
    )
    if ("kind" in found) return found
    try {
      await stripe().paymentMethods.detach(paymentMethodId)
      return { kind: "detached" }
    } catch (error) {
      // Somebody was faster. Stripe has no separate code for that.
      if (error instanceof Stripe.errors.StripeInvalidRequestError) return { kind: "missing" }
      throw error
    }
  })
}

export function toPaymentMethod(method: Stripe.PaymentMethod): StripePaymentMethod {
  const { id, type, card, link, us_bank_account: account, sepa_debit: debit, created } = method
  return {
    id,
    type,
    card: card
      ? { brand: card.brand, last4: card.last4, expMonth: card.exp_month, expYear: card.exp_year }
      : null,
    fingerprint: (card ?? account ?? debit)?.fingerprint ?? null,
    label: card ? null : (link?.email ?? lastFour(account ?? debit)),
    createdAt: new Date(created * 1000),
  }
}

function lastFour(account: { last4: string | null } | undefined): string | null {
  return account?.last4 ? `•••• ${account.last4}` : null
}

function idOf(reference: string | { id: string } | null): string | null {
  return typeof reference === "string" ? reference : (reference?.id ?? null)
}
