import type Stripe from "stripe"
import { newId } from "../notation/ids"
import { emit } from "../world/events"
import type { World } from "../world/world"

/** The issuer says that the card's owner did not pay this. A dispute often follows. */
export function warnOfFraud(
  world: World,
  charge: Stripe.Charge,
  fraudType = "made_with_stolen_card",
): Stripe.Radar.EarlyFraudWarning {
  const { payment_intent } = charge
  const warning = world.store.put("fraud_warning", {
    id: newId("issfr"),
    object: "radar.early_fraud_warning",
    actionable: !charge.refunded && !charge.disputed,
    charge: charge.id,
    created: world.clock.now(),
    fraud_type: fraudType,
    livemode: false,
    ...(payment_intent ? { payment_intent } : {}),
  })
  emit(world, "radar.early_fraud_warning.created", warning, undefined, charge)
  return warning
}

/** A full refund or a dispute leaves nothing to do about a warning. */
export function disarmWarnings(world: World, charge: Stripe.Charge): void {
  for (const warning of world.store.where("fraud_warning", "charge", charge.id)) {
    if (!warning.actionable || !(charge.refunded || charge.disputed)) continue
    world.store.change("fraud_warning", warning, { actionable: false })
    emit(world, "radar.early_fraud_warning.updated", warning, { actionable: true }, charge)
  }
}
