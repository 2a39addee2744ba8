import type Stripe from "stripe"
import { cardByNumber } from "../cards/cards"
import { invalidRequest } from "../notation/errors"
import { newId } from "../notation/ids"
import type { Metadata } from "../notation/params"
import { recordBalance } from "../objects/balance-transaction"
import { newRefund, type RefundRequest } from "../objects/refund"
import { emit } from "../world/events"
import type { World } from "../world/world"
import { isChargedBack } from "./disputes"
import { disarmWarnings } from "./fraud-warnings"

type Refund = Stripe.Refund

/** Refunds to Stripe's test cards take a moment to fail or get through. */
const MOMENT_S = 2

function requireRefundable(world: World, charge: Stripe.Charge, amount: number): void {
  if (charge.status !== "succeeded") {
    throw invalidRequest(`Charge ${charge.id} has not succeeded and can't be refunded.`, { param: "charge" })
  }
  if (charge.refunded) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: "charge_already_refunded",
    })
  }
  if (isChargedBack(world, charge)) {
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: "charge_disputed",
    })
  }
  const left = charge.amount - charge.amount_refunded
  if (amount > left) {
    throw invalidRequest(
      `Refund amount ($${(amount / 100).toFixed(2)}) is greater than unrefunded amount on charge ($${(left / 100).toFixed(2)})`,
      { param: "amount" },
    )
  }
  if (amount < 1)
    throw invalidRequest("Invalid positive integer", { code: "parameter_invalid_integer", param: "amount" })
}

/** Returns money to the card, from the API or as if by hand in the Dashboard. */
export function refundCharge(world: World, charge: Stripe.Charge, request: RefundRequest): Refund {
  const amount = request.amount ?? charge.amount - charge.amount_refunded
  requireRefundable(world, charge, amount)
  const card = cardByNumber(world.store.get("card", String(charge.payment_method))?.number ?? "")
  const status = request.status ?? (card?.refund === "pending" ? "pending" : "succeeded")
  const refund = newRefund(world, charge, { ...request, amount, status })
  refund.balance_transaction = recordBalance(world, "refund", refund).id
  world.store.put("refund", refund)
  const before = { amount_refunded: charge.amount_refunded, refunded: charge.refunded }
  const amount_refunded = charge.amount_refunded + amount
  world.store.change("charge", charge, { amount_refunded, refunded: amount_refunded === charge.amount })
  emit(world, "refund.created", refund)
  emit(world, "charge.refunded", charge, before)
  disarmWarnings(world, charge)
  if (status === "succeeded") tellReference(world, refund)
  if (request.status === undefined) scheduleEnd(world, refund)
  return refund
}

/** Schedules the refund's own end, which the test card decides. */
export function scheduleEnd(world: World, refund: Refund): void {
  const card = cardByNumber(world.store.get("card", String(refund.payment_method))?.number ?? "")
  const isOpen = refund.status === (card?.refund === "pending" ? "pending" : "succeeded")
  if (card?.refund && isOpen) world.agenda.add("refund_end", refund.id, refund.created + MOMENT_S)
}

export function keepRefundEnd(world: World, refund: Refund): void {
  const card = cardByNumber(world.store.get("card", String(refund.payment_method))?.number ?? "")
  if (card?.refund === "pending" && refund.status === "pending") succeedRefund(world, refund)
  if (card?.refund === "fails" && refund.status === "succeeded") failRefund(world, refund)
}

function announceUpdate(world: World, refund: Refund, previous: object): void {
  emit(world, "refund.updated", refund, previous)
  emit(world, "charge.refund.updated", refund, previous)
}

/** The bank's own number of the refund comes a little later. */
function tellReference(world: World, refund: Refund): void {
  const before = structuredClone(refund.destination_details)
  const arrived = { reference: newId("arn").slice(4), reference_status: "available" }
  if (refund.destination_details?.card) Object.assign(refund.destination_details.card, arrived)
  world.store.put("refund", refund)
  announceUpdate(world, refund, { destination_details: before })
}

function requireStatus(refund: Refund, allowed: string[], verb: string): void {
  if (allowed.includes(refund.status ?? "")) return
  throw invalidRequest(`You cannot ${verb} this refund because it has a status of ${refund.status}.`)
}

export function succeedRefund(world: World, refund: Refund): void {
  requireStatus(refund, ["pending", "requires_action"], "settle")
  const { status } = refund
  delete refund.pending_reason
  world.store.change("refund", refund, { status: "succeeded" })
  announceUpdate(world, refund, { status })
}

/** Returns the money to the account, as if this refund had never been. */
function takeBack(world: World, refund: Refund, status: "failed" | "canceled", reason: string): void {
  const before = { status: refund.status }
  delete refund.pending_reason
  world.store.change("refund", refund, {
    status,
    failure_reason: reason,
    failure_balance_transaction: recordBalance(world, "refund_failure", refund).id,
  })
  const charge = world.store.get("charge", String(refund.charge))
  if (charge) {
    const amount_refunded = charge.amount_refunded - refund.amount
    world.store.change("charge", charge, { amount_refunded, refunded: false })
  }
  announceUpdate(world, refund, before)
}

export function failRefund(world: World, refund: Refund, reason = "expired_or_canceled_card"): void {
  requireStatus(refund, ["pending", "requires_action", "succeeded"], "fail")
  takeBack(world, refund, "failed", reason)
  emit(world, "refund.failed", refund)
}

/** The API cancels only a refund that waits for the customer. The Dashboard also cancels one that is still on its way. */
export function cancelRefund(world: World, refund: Refund, by: "api" | "dashboard"): void {
  requireStatus(refund, by === "api" ? ["requires_action"] : ["requires_action", "pending"], "cancel")
  takeBack(world, refund, "canceled", "merchant_request")
}

export function updateRefund(world: World, refund: Refund, metadata: Metadata): void {
  const before = refund.metadata
  world.store.change("refund", refund, { metadata })
  announceUpdate(world, refund, { metadata: before })
}
