import { intentOfInvoice } from "../objects/invoice-payment"
import { cancelIntent } from "../payments/cancel-intent"
import type { WireInvoice } from "../world/billing-tables"
import { emit } from "../world/events"
import type { World } from "../world/world"
import { moveBalance } from "./customer-balance"

/** Returns what the invoice has used of the customer's balance, as since API version 2019-12-03. */
function returnBalance(
  world: World,
  { id, customer, currency, starting_balance, ending_balance }: WireInvoice,
) {
  const owner = world.store.get("customer", String(customer))
  const applied = ending_balance === null ? 0 : ending_balance - starting_balance
  if (!owner || applied === 0) return
  moveBalance(world, owner, { amount: -applied, type: "unapplied_from_invoice", currency, invoice: id })
}

export function voidInvoice(world: World, invoice: WireInvoice): void {
  world.store.change("invoice", invoice, {
    auto_advance: false,
    next_payment_attempt: null,
    status: "void",
    status_transitions: { ...invoice.status_transitions, voided_at: world.clock.now() },
  })
  returnBalance(world, invoice)
  const intent = intentOfInvoice(world, invoice.id)
  if (intent && !["succeeded", "canceled"].includes(intent.status))
    cancelIntent(world, intent, "void_invoice")
  emit(world, "invoice.voided", invoice)
}
