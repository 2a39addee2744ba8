import type { WireInvoice } from "../world/billing-tables"
import { emit } from "../world/events"
import type { World } from "../world/world"

/** Nobody asks for its money any more. It may still be paid by hand. */
export function markUncollectible(world: World, invoice: WireInvoice): void {
  world.store.change("invoice", invoice, {
    auto_advance: false,
    next_payment_attempt: null,
    status: "uncollectible",
    status_transitions: { ...invoice.status_transitions, marked_uncollectible_at: world.clock.now() },
  })
  emit(world, "invoice.marked_uncollectible", invoice)
}
