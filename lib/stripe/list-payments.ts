import { stripe } from "./client"
import { asReadOutcome, type Unavailable } from "./outcome"
import { ownerOf, type PaymentOwner, type PaymentState, paymentState } from "./payment-state"

export type ListedPayment = { paymentIntentId: string; owner: PaymentOwner; state: PaymentState }

/** Newest first. `next` asks for the page after it; null: this was the last. */
export type PaymentPage = { kind: "page"; payments: ListedPayment[]; next: string | null }

/**
 * A page of the payments that Stripe knows: of everybody, or of one customer. As many as Stripe gives at once, without
 * their charges, so that the answer stays small.
 */
export async function listPayments(asked: {
  customerId?: string
  /** Leaves out what was made before. */
  since: Date | null
  after: string | null
}): Promise<PaymentPage | Unavailable> {
  const { customerId, since, after } = asked
  const page = await asReadOutcome("list payments", async () => {
    const { data, has_more } = await stripe().paymentIntents.list({
      limit: 100,
      ...(customerId && { customer: customerId }),
      ...(since && { created: { gte: Math.floor(since.getTime() / 1000) } }),
      ...(after && { starting_after: after }),
    })
    const payments = data.map((intent) => ({
      paymentIntentId: intent.id,
      owner: ownerOf(intent),
      state: paymentState(intent),
    }))
    return { kind: "page" as const, payments, next: has_more ? (data.at(-1)?.id ?? null) : null }
  })
  // A customer that was deleted at Stripe has no payments there that could be listed.
  return page.kind === "missing" ? { kind: "page", payments: [], next: null } : page
}
