import type { Booked } from "./books"
import type { Evidence } from "./evidence"

/** One way to damage the books or the ledger, and what the comparison must report. */
export type Damage = {
  what: string
  expected: string
  books?: (books: Booked[]) => Booked[]
  evidence?: (evidence: Evidence) => Evidence
  sql?: string | ((evidence: Evidence) => string)
  /** Whether a run has anything to damage. */
  needs?: (evidence: Evidence) => boolean
}
