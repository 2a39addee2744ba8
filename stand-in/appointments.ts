import { expireIncomplete } from "./billing/end-subscription"
import { INCOMPLETE_FOR_S } from "./billing/lifecycle"
import { pauseCollection, resumeCollection } from "./billing/pause"
import { periodEnded, retryInvoice } from "./billing/renew"
import { announceTrialEnd, scheduleTrialEnd } from "./billing/trial-end"
import { expireSession } from "./checkout/checkout"
import { keepAftermath, scheduleAftermath } from "./money-back/aftermath"
import { keepRefundEnd, scheduleEnd } from "./money-back/refunds"
import { hasEnded, itemOf } from "./objects/subscription"
import type { Appointment } from "./world/agenda"
import type { World } from "./world/world"

/** Does what is due now, if it still applies: a session may be paid by then, a subscription canceled or moved on. */
export function keepAppointment(world: World, { kind, id, atS }: Appointment): void {
  switch (kind) {
    case "session_expiry": {
      const session = world.store.get("checkout_session", id)
      if (session?.status === "open" && session.expires_at === atS) expireSession(world, session)
      break
    }
    case "charge_aftermath": {
      const charge = world.store.get("charge", id)
      if (charge) keepAftermath(world, charge)
      break
    }
    case "refund_end": {
      const refund = world.store.get("refund", id)
      if (refund) keepRefundEnd(world, refund)
      break
    }
    case "subscription_period": {
      const subscription = world.store.get("subscription", id)
      if (subscription) periodEnded(world, subscription, atS)
      break
    }
    case "collection_resume": {
      const subscription = world.store.get("subscription", id)
      if (subscription) resumeCollection(world, subscription, atS)
      break
    }
    case "trial_will_end": {
      const subscription = world.store.get("subscription", id)
      if (subscription) announceTrialEnd(world, subscription, atS)
      break
    }
    case "subscription_expiry": {
      const subscription = world.store.get("subscription", id)
      if (subscription) expireIncomplete(world, subscription)
      break
    }
    case "invoice_retry": {
      const invoice = world.store.get("invoice", id)
      if (invoice) retryInvoice(world, invoice, atS)
    }
  }
}

/** Refills the agenda from the journal after a start. */
export function fillAgenda(world: World): void {
  const { store, agenda } = world
  for (const charge of store.list("charge")) scheduleAftermath(world, charge)
  for (const refund of store.list("refund")) scheduleEnd(world, refund)
  for (const session of store.list("checkout_session")) {
    if (session.status === "open") agenda.add("session_expiry", session.id, session.expires_at)
  }
  for (const subscription of store.list("subscription")) {
    if (hasEnded(subscription)) continue
    agenda.add("subscription_period", subscription.id, itemOf(subscription).current_period_end)
    pauseCollection(world, subscription.id, subscription.pause_collection)
    scheduleTrialEnd(world, subscription)
    if (subscription.status === "incomplete")
      agenda.add("subscription_expiry", subscription.id, subscription.created + INCOMPLETE_FOR_S)
  }
  for (const { id, next_payment_attempt: next } of store.list("invoice")) {
    if (next !== null) agenda.add("invoice_retry", id, next)
  }
}
