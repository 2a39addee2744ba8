import type { Change } from "./change-words"

export type AuditRow = {
  id: string
  /** `Credits` where nobody asked for it at that moment. */
  who: { name: string; detail: string | null; href: string | null }
  deed: string
  subject: string | null
  /** The address of the transaction that it led to. */
  transactionHref: string | null
  changes: Change[]
  at: string
  address: string | null
}

/** A choice of the filter. A group of them has a label. */
export type AuditChoice = { value: string; label: string }
export type AuditChoices = { label: string; all: AuditChoice; kinds: AuditChoice[] }[]

/** The filter as the form's fields hold it: empty for everything. */
export type AuditFields = { person: string; kind: string; from: string; to: string }
