import type Stripe from "stripe"
import { cardByNumber } from "../cards/cards"
import type { World } from "../world/world"
import { openDispute } from "./disputes"
import { warnOfFraud } from "./fraud-warnings"

const MOMENT_S = 1

function aftermathOf(world: World, charge: Stripe.Charge) {
  if (charge.status !== "succeeded" || charge.disputed) return undefined
  return cardByNumber(world.store.get("card", String(charge.payment_method))?.number ?? "")?.aftermath
}

/** Some of Stripe's test cards pay, and a moment later their owner wants the money back. */
export function scheduleAftermath(world: World, charge: Stripe.Charge): void {
  if (aftermathOf(world, charge)) world.agenda.add("charge_aftermath", charge.id, charge.created + MOMENT_S)
}

export function keepAftermath(world: World, charge: Stripe.Charge): void {
  const aftermath = aftermathOf(world, charge)
  if (aftermath === "fraud_dispute") openDispute(world, charge, { reason: "fraudulent" })
  if (aftermath === "not_received_dispute") openDispute(world, charge, { reason: "product_not_received" })
  if (aftermath === "inquiry") openDispute(world, charge, { inquiry: true })
  const isWarned = world.store.has("fraud_warning", "charge", charge.id)
  if (aftermath === "fraud_warning" && !isWarned) warnOfFraud(world, charge)
}
