import type { Booked } from "./books"
import type { Evidence } from "./evidence"

/** One way to damage the books or the ledger, and what the comparison has to say of it. */
export type Damage = {
  what: string
  expected: string
  books?: (books: Booked[]) => Booked[]
  evidence?: (evidence: Evidence) => Evidence
  sql?: string | ((evidence: Evidence) => string)
  /** Whether a run has what is damaged. */
  needs?: (evidence: Evidence) => boolean
}
