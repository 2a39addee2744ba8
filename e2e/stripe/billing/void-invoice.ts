import { cancelIntent } from "../checkout"
import { emit } from "../events"
import { intentOfInvoice } from "../objects/invoice-payment"
import type { World } from "../world"
import type { WireInvoice } from "./tables"

export function voidInvoice(world: World, invoice: WireInvoice): void {
  world.store.change("invoice", invoice, {
    auto_advance: false,
    next_payment_attempt: null,
    status: "void",
    status_transitions: { ...invoice.status_transitions, voided_at: world.clock.now() },
  })
  const intent = intentOfInvoice(world, invoice.id)
  if (intent && !["succeeded", "canceled"].includes(intent.status))
    cancelIntent(world, intent, "void_invoice")
  emit(world, "invoice.voided", invoice)
}
