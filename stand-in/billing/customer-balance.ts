import type Stripe from "stripe"
import { newId } from "../notation/ids"
import { emit } from "../world/events"
import type { World } from "../world/world"

export type BalanceMove = Pick<Stripe.CustomerBalanceTransaction, "amount" | "type"> &
  Partial<Pick<Stripe.CustomerBalanceTransaction, "currency" | "description" | "invoice" | "metadata">>

/** Changes a customer's balance and records it. A negative balance is credit that the next invoices use up. */
export function moveBalance(
  world: World,
  customer: Stripe.Customer,
  move: BalanceMove,
): Stripe.CustomerBalanceTransaction {
  const currency = move.currency ?? customer.currency ?? "usd"
  const previous = {
    ...(move.amount === 0 ? {} : { balance: customer.balance }),
    ...(customer.currency ? {} : { currency: customer.currency ?? null }),
  }
  world.store.change("customer", customer, { balance: customer.balance + move.amount, currency })
  if (Object.keys(previous).length > 0) emit(world, "customer.updated", customer, previous)
  return world.store.put("customer_balance_transaction", {
    id: newId("cbtxn"),
    object: "customer_balance_transaction",
    amount: move.amount,
    checkout_session: null,
    created: world.clock.now(),
    credit_note: null,
    currency,
    customer: customer.id,
    customer_account: null,
    description: move.description ?? null,
    ending_balance: customer.balance,
    invoice: move.invoice ?? null,
    livemode: false,
    metadata: move.metadata ?? {},
    type: move.type,
  })
}
