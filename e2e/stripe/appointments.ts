import { keepAftermath, scheduleAftermath } from "./aftermath"
import type { Appointment } from "./agenda"
import { expireSession } from "./checkout"
import { keepRefundEnd, scheduleEnd } from "./refunds"
import type { World } from "./world"

/** What is due now, if it still is: a session may be paid by then, a subscription canceled or moved on. */
export function keepAppointment(world: World, { kind, id, atS }: Appointment): void {
  switch (kind) {
    case "session_expiry": {
      const session = world.store.get("checkout_session", id)
      if (session?.status === "open" && session.expires_at === atS) expireSession(world, session)
      return
    }
    case "charge_aftermath": {
      const charge = world.store.get("charge", id)
      if (charge) keepAftermath(world, charge)
      return
    }
    case "refund_end": {
      const refund = world.store.get("refund", id)
      if (refund) keepRefundEnd(world, refund)
    }
  }
}

/** After a start, from what the journal remembers. */
export function fillAgenda(world: World): void {
  const { store, agenda } = world
  for (const charge of store.list("charge")) scheduleAftermath(world, charge)
  for (const refund of store.list("refund")) scheduleEnd(world, refund)
  for (const session of store.list("checkout_session")) {
    if (session.status === "open") agenda.add("session_expiry", session.id, session.expires_at)
  }
}
