import type { Appointment } from "./agenda"
import { expireSession } from "./checkout"
import type { World } from "./world"

/** What is due now, if it still is: a session may be paid by then, a subscription canceled or moved on. */
export function keepAppointment(world: World, { kind, id, atS }: Appointment): void {
  switch (kind) {
    case "session_expiry": {
      const session = world.store.get("checkout_session", id)
      if (session?.status === "open" && session.expires_at === atS) expireSession(world, session)
    }
  }
}

/** After a start, from what the journal remembers. */
export function fillAgenda({ store, agenda }: World): void {
  for (const session of store.list("checkout_session")) {
    if (session.status === "open") agenda.add("session_expiry", session.id, session.expires_at)
  }
}
