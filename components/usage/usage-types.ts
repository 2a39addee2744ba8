import type { Choice } from "@/components/ui/choice-field"

/** A link of a row of which one is chosen. */
export type ChoiceLink = { label: string; href: string; isCurrent: boolean }

/** Something that narrows what is shown, and the address without it. */
export type Narrowing = { label: string; value: string; href: string }

/** One select of the filter. */
export type FilterSelect = {
  name: string
  label: string
  /** The words for no choice. */
  all: string
  value: string
  choices: Choice[]
}

export type UsageColumn = "name" | "records" | "included" | "credits" | "cost"

/** A group as the table shows it. */
export type UsageRow = {
  id: string
  name: string
  /** Its records. Null where they can’t be chosen. */
  href: string | null
  records: bigint
  /** `12,500,000 tokens`, one for each consumable. */
  units: string[]
  /** The part that the plan’s allowance covered: `100,000 tokens`. */
  allowances: string[]
  /** The plan’s overage rate. Null where there are several, or none any more. */
  rate: string | null
  includedNanos: bigint
  creditsNanos: bigint
  costNanos: bigint
  /** In percent of the whole cost, or of all records where costs aren’t shown. */
  share: number
}

/** One report of usage as the list of records shows it. */
export type RecordRow = {
  id: string
  at: string
  what: string
  /** `$4.00 per million tokens` */
  rate: string | null
  who: string
  /** The run and the model that the client named. */
  names: string[]
  allowance: string | null
  includedNanos: bigint
  creditsNanos: bigint
  costNanos: bigint
  /** The part that was taken back since. */
  reversed: string | null
  transactionHref: string | null
}
