import type { Act } from "../tally"
import type { Booked } from "./books"
import type { PlanInvoice } from "./invoices"

/** What a run knows without the product: Stripe's books, and what its people and programs did and were answered. */
export type Evidence = {
  books: Booked[]
  /** Credits that usage drew, by team. */
  drawnNanos: Map<string, bigint>
  acts: Act[]
  invoices: PlanInvoice[]
}

export type Finding = { kind: string; finding: string }
