import type { StripePaymentMethod } from "@/lib/stripe/payment-methods"

/** The team that pays. Mail goes to its Owner. */
export type PayingTeam = { id: string; name: string; email: string }

export type Paid = { paymentIntentId: string; receiptUrl: string | null }

/** The part of Stripe, or its stand-in, in the sample teams' purchases. */
export type Payments = {
  /** Creates the team's customer, with a card on file. Null when nobody keeps one. */
  addCustomer: (team: PayingTeam) => Promise<{ customerId: string; card: StripePaymentMethod } | null>
  /** Makes the customer pay for what the team is said to have bought. */
  pay: (bought: { team: PayingTeam; purchaseId: string; amountNanos: bigint }) => Promise<Paid>
}

/** Stripe knows nothing of the purchases. */
export const NO_PAYMENTS: Payments = {
  addCustomer: async () => null,
  pay: async ({ purchaseId }) => ({ paymentIntentId: `pi_seed_${purchaseId}`, receiptUrl: null }),
}
