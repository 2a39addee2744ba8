import type { Clock } from "./clock"
import { DueHeap } from "./due-heap"

export interface Appointment {
  kind:
    | "charge_aftermath"
    | "refund_end"
    | "session_expiry"
    | "subscription_period"
    | "collection_resume"
    | "trial_will_end"
    | "subscription_expiry"
    | "invoice_retry"
  id: string
  atS: number
}

/** The stand-in's own acts when its clock gets there, each as of the moment it was due. */
export class Agenda {
  private readonly due = new DueHeap<Appointment>()

  constructor(
    private readonly clock: Clock,
    /** Must check whether there is still something to do, because nothing is ever taken out. */
    private readonly keep: (appointment: Appointment) => void,
  ) {}

  add(kind: Appointment["kind"], id: string, atS: number): void {
    this.due.add(atS * 1000, { kind, id, atS })
  }

  run(): void {
    const nowMs = this.clock.nowMs()
    for (let next = this.due.takeDue(nowMs); next; next = this.due.takeDue(nowMs)) {
      const appointment = next
      this.clock.at(appointment.atS * 1000, () => this.keep(appointment))
    }
  }
}
