import type { StripePaymentMethod } from "@/lib/stripe/payment-methods"

/** Whose payments are made: the mail goes to the Owner. */
export type PayingTeam = { id: string; name: string; email: string }

export type Paid = { paymentIntentId: string; receiptUrl: string | null }

/** What Stripe, or its stand-in, does for the sample teams. */
export type Payments = {
  /** Makes the team's customer, with a card on file. Null: nobody keeps one. */
  addCustomer: (team: PayingTeam) => Promise<{ customerId: string; card: StripePaymentMethod } | null>
  /** Has paid with it what the team is said to have bought. */
  pay: (bought: { team: PayingTeam; purchaseId: string; amountNanos: bigint }) => Promise<Paid>
}

/** Stripe knows nothing of what was bought. */
export const NO_PAYMENTS: Payments = {
  addCustomer: async () => null,
  pay: async ({ purchaseId }) => ({ paymentIntentId: `pi_seed_${purchaseId}`, receiptUrl: null }),
}
