/** Uses that charge the default payment method without the customer present. */
export type PaymentMethodUse = "auto_top_up" | "subscription"

export type Removal = "allowed" | "last_for_auto_top_up" | "last_for_subscription"

/** Decides whether a payment method may be removed: not the last one while something relies on it. */
export function decideRemoval(input: { isLast: boolean; uses: readonly PaymentMethodUse[] }): Removal {
  if (!input.isLast) return "allowed"
  if (input.uses.includes("auto_top_up")) return "last_for_auto_top_up"
  return input.uses.includes("subscription") ? "last_for_subscription" : "allowed"
}
