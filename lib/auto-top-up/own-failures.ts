import type { ChargeFailure } from "@/lib/stripe/decline-codes"

/** Failures of a top-up that no bank declined. `not_accepted` includes refusals that nobody foresaw. */
const OWN = {
  not_accepted: {
    kind: "not_card",
    words: "Something in our payment setup is wrong. It isn’t about your card, and we’ve been told.",
  },
  amount_not_accepted: { kind: "not_card", words: "Stripe doesn’t accept a payment of this amount." },
  authentication_expired: {
    kind: "wait",
    words: "Your bank wanted a confirmation, and nobody gave it within a day.",
  },
  canceled: { kind: "wait", words: "The payment was cancelled in Stripe." },
  customer_missing: { kind: "wait", words: "Stripe no longer knows this customer." },
  payment_method_missing: {
    kind: "wait",
    words: "The payment method was removed before it was charged.",
  },
  payment_method_unusable: {
    kind: "wait",
    words: "The payment method was removed, or can’t be charged any more.",
  },
} as const satisfies Record<string, Pick<ChargeFailure, "kind" | "words">>

export type OwnFailure = keyof typeof OWN

export function ownFailure(code: OwnFailure): ChargeFailure {
  return { code, ...OWN[code] }
}
