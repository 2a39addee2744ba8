import type Stripe from "stripe"
import { newId } from "../ids"
import type { World } from "../world"

const TWO_DAYS_S = 2 * 24 * 3600

/** 2.9% + 30, Stripe's list price for cards in the United States. Refunds give no fee back. */
export function recordBalance(
  world: World,
  type: "charge" | "refund",
  source: Stripe.Charge | Stripe.Refund,
): Stripe.BalanceTransaction {
  const fee = type === "charge" ? Math.round(source.amount * 0.029) + 30 : 0
  const amount = type === "charge" ? source.amount : -source.amount
  return world.store.put("balance_transaction", {
    id: newId("txn"),
    object: "balance_transaction",
    amount,
    available_on: world.clock.now() + TWO_DAYS_S,
    balance_type: "payments",
    created: world.clock.now(),
    currency: source.currency,
    description: null,
    exchange_rate: null,
    fee,
    fee_details: fee
      ? [
          {
            amount: fee,
            application: null,
            currency: source.currency,
            description: "Stripe processing fees",
            type: "stripe_fee",
          },
        ]
      : [],
    net: amount - fee,
    reporting_category: type,
    source: source.id,
    status: "pending",
    type,
  })
}
