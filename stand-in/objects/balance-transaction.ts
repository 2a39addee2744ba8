import type Stripe from "stripe"
import { newId } from "../notation/ids"
import type { World } from "../world/world"

const TWO_DAYS_S = 2 * 24 * 3600
const DISPUTE_FEE = 1500

interface Movement {
  type: "adjustment" | "charge" | "refund" | "refund_failure"
  category: string
  source: string
  amount: number
  fee?: { amount: number; description: string }
  currency: string
  description?: string
}

function record(world: World, of: Movement): Stripe.BalanceTransaction {
  const { amount, currency, fee } = of
  return world.store.put("balance_transaction", {
    id: newId("txn"),
    object: "balance_transaction",
    amount,
    available_on: world.clock.now() + TWO_DAYS_S,
    balance_type: "payments",
    created: world.clock.now(),
    currency,
    description: of.description ?? null,
    exchange_rate: null,
    fee: fee?.amount ?? 0,
    fee_details: fee ? [{ ...fee, application: null, currency, type: "stripe_fee" }] : [],
    net: amount - (fee?.amount ?? 0),
    reporting_category: of.category,
    source: of.source,
    status: "pending",
    type: of.type,
  })
}

/** 2.9% + 30, Stripe's list price for cards in the United States. Refunds give no fee back. */
export function recordBalance(
  world: World,
  type: "charge" | "refund" | "refund_failure",
  source: Stripe.Charge | Stripe.Refund,
): Stripe.BalanceTransaction {
  const { id, amount, currency } = source
  const description = "Stripe processing fees"
  const fee = type === "charge" ? { amount: Math.round(amount * 0.029) + 30, description } : undefined
  const signed = type === "refund" ? -amount : amount
  return record(world, { type, category: type, source: id, amount: signed, fee, currency })
}

/** Records money that a dispute takes at once and returns if it is won. The fee stays with Stripe. */
export function recordDisputeBalance(
  world: World,
  dispute: Stripe.Dispute,
  direction: "withdrawal" | "reversal",
): Stripe.BalanceTransaction {
  const isWithdrawal = direction === "withdrawal"
  return record(world, {
    type: "adjustment",
    category: isWithdrawal ? "dispute" : "dispute_reversal",
    source: dispute.id,
    amount: isWithdrawal ? -dispute.amount : dispute.amount,
    fee: isWithdrawal ? { amount: DISPUTE_FEE, description: "Dispute fee" } : undefined,
    currency: dispute.currency,
    description: `Chargeback ${direction} for ${String(dispute.charge)}`,
  })
}
