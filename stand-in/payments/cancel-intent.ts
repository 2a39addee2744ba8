import type Stripe from "stripe"
import { emit } from "../world/events"
import type { World } from "../world/world"

export function cancelIntent(
  world: World,
  intent: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): void {
  world.store.change("payment_intent", intent, {
    status: "canceled",
    canceled_at: world.clock.now(),
    cancellation_reason: reason,
    next_action: null,
  })
  emit(world, "payment_intent.canceled", intent)
}
