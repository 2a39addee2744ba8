import type Stripe from "stripe"
import { stripe } from "./client"
import { asReadOutcome, type Unanswered } from "./outcome"
import { ownerOf, type PaymentOwner, type PaymentState, paymentState } from "./payment-state"

export type ListedPayment = {
  paymentIntentId: string
  owner: PaymentOwner
  state: PaymentState
  /** Some of it was refunded or disputed. Only known when one customer's payments were requested. */
  hasMoneyBack: boolean
}

/** Newest first. `next` asks for the following page; null: this was the last. */
export type PaymentPage = { kind: "page"; payments: ListedPayment[]; next: string | null }

/**
 * Returns a page of Stripe's payments, of everybody or of one customer, in Stripe's largest size. Without their
 * charges if they are everybody's, so that the answer stays small.
 */
export async function listPayments(asked: {
  customerId?: string
  /** Leaves out earlier ones. */
  since: Date | null
  after: string | null
}): Promise<PaymentPage | Unanswered> {
  const { customerId, since, after } = asked
  const page = await asReadOutcome("list payments", async () => {
    const { data, has_more } = await stripe().paymentIntents.list({
      limit: 100,
      ...(customerId && { customer: customerId, expand: ["data.latest_charge"] }),
      ...(since && { created: { gte: Math.floor(since.getTime() / 1000) } }),
      ...(after && { starting_after: after }),
    })
    const payments = data.map((intent) => ({
      paymentIntentId: intent.id,
      owner: ownerOf(intent),
      state: paymentState(intent),
      hasMoneyBack: hasMoneyBack(intent.latest_charge),
    }))
    return { kind: "page" as const, payments, next: has_more ? (data.at(-1)?.id ?? null) : null }
  })
  // A customer deleted at Stripe has no payments there to list.
  return page.kind === "missing" ? { kind: "page", payments: [], next: null } : page
}

function hasMoneyBack(charge: string | Stripe.Charge | null): boolean {
  return charge !== null && typeof charge !== "string" && (charge.amount_refunded > 0 || charge.disputed)
}
