import type { Act } from "../tally"
import type { Booked } from "./books"
import type { PlanInvoice } from "./invoices"

/** A run's knowledge without the product: Stripe's books, and what its people and programs did and got as answers. */
export type Evidence = {
  books: Booked[]
  /** The credits that usage drew, by team. */
  drawnNanos: Map<string, bigint>
  acts: Act[]
  invoices: PlanInvoice[]
}

export type Finding = { kind: string; finding: string }
