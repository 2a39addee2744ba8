import { DAY_MS } from "@/lib/clock"
import { EntryKind } from "@/lib/db/generated/enums"
import { fromPublicId, toPublicId } from "@/lib/ids"
import type { TransactionFilter } from "@/lib/ledger/search-transactions"
import { NANOS_PER_CENT, parseUsd } from "@/lib/money/usd"
import { isUtcDay } from "@/lib/utc-day"

/** Everything that the address of a list of transactions says. Each part is null where the reader wants all. */
export type ChosenTransactions = {
  kind: EntryKind | null
  /** The first and the last day, as `2026-11-30` in UTC. */
  from: string | null
  to: string | null
  /** `none`: usage that no member, or no key, caused. */
  memberId: string | "none" | null
  apiKeyId: string | "none" | null
  consumable: string | null
  /** The size of the amount as a person typed it, perhaps wrongly. */
  min: string | null
  max: string | null
}

/** The names of the filter’s fields in an address. */
export const FILTER_FIELDS = ["kind", "from", "to", "member", "key", "consumable", "min", "max"] as const
type Query = Partial<Record<(typeof FILTER_FIELDS)[number], string | string[]>>

/** Included credits are usage, not transactions. */
export const TRANSACTION_KINDS = Object.values(EntryKind).filter((kind) => kind !== "included_grant")

/** Longer than any amount that somebody types. */
const MAX_AMOUNT_LENGTH = 40

/**
 * Reads the filter from an address. Null if no form of ours could have made it. A field that a form sent empty is none.
 * Days and amounts may still be wrong: `problemsOf` says how.
 */
export function parseChosen(query: Query): ChosenTransactions | null {
  const texts = FILTER_FIELDS.map((name) => textOf(query[name]))
  if (texts.some((text) => text === undefined)) return null
  const [kind, from, to, member, key, consumable, min, max] = texts as (string | null)[]
  const memberId = idOf("member", member ?? null)
  const apiKeyId = idOf("key", key ?? null)
  if (memberId === undefined || apiKeyId === undefined) return null
  if (kind && !TRANSACTION_KINDS.some((each) => each === kind)) return null
  if (![from, to].every((day) => !day || isUtcDay(day))) return null
  // One that is no longer sold may have been used.
  if (consumable && !/^[a-z_]{1,60}$/.test(consumable)) return null
  if (![min, max].every((amount) => !amount || amount.length <= MAX_AMOUNT_LENGTH)) return null
  return {
    kind: (kind as EntryKind | null) ?? null,
    from: from ?? null,
    to: to ?? null,
    memberId,
    apiKeyId,
    consumable: consumable ?? null,
    min: min ?? null,
    max: max ?? null,
  }
}

export type FilterProblems = { to?: string; min?: string; max?: string }

const NOT_AN_AMOUNT = "Enter an amount such as 10.00."

/** Returns the sentences about fields that can't be looked for. */
export function problemsOf({ from, to, min, max }: ChosenTransactions): FilterProblems {
  const [least, most] = [min && amountOf(min), max && amountOf(max)]
  return {
    ...(from && to && to < from ? { to: "The last day is before the first." } : {}),
    ...(min && least === null ? { min: NOT_AN_AMOUNT } : {}),
    ...(max && most === null ? { max: NOT_AN_AMOUNT } : {}),
    ...(typeof least === "bigint" && typeof most === "bigint" && most < least
      ? { max: "The largest amount is below the smallest." }
      : {}),
  }
}

/** Returns the ledger's filter. Its fields must have no problems. */
export function toLedgerFilter(chosen: ChosenTransactions): TransactionFilter {
  const { kind, from, to, memberId, apiKeyId, consumable, min, max } = chosen
  const [least, most] = [min && amountOf(min), max && amountOf(max)]
  return {
    ...(kind ? { kinds: [kind] } : {}),
    ...(from ? { from: new Date(`${from}T00:00:00Z`) } : {}),
    ...(to ? { to: new Date(Date.parse(`${to}T00:00:00Z`) + DAY_MS) } : {}),
    ...(memberId ? { memberId: memberId === "none" ? null : memberId } : {}),
    ...(apiKeyId ? { apiKeyId: apiKeyId === "none" ? null : apiKeyId } : {}),
    ...(consumable ? { consumable } : {}),
    // Amounts are shown rounded to cents, and what is typed is what was seen.
    ...(typeof least === "bigint" && least > 0n ? { minSizeNanos: least - HALF_CENT } : {}),
    ...(typeof most === "bigint" ? { maxSizeNanos: most + HALF_CENT - 1n } : {}),
  }
}

const HALF_CENT = NANOS_PER_CENT / 2n

/** Returns the part of an address that says the filter. */
export function chosenQuery(chosen: ChosenTransactions): Record<string, string> {
  const { memberId, apiKeyId, ...rest } = chosen
  const fields = {
    ...rest,
    member: memberId && (memberId === "none" ? memberId : toPublicId("member", memberId)),
    key: apiKeyId && (apiKeyId === "none" ? apiKeyId : toPublicId("key", apiKeyId)),
  }
  return Object.fromEntries(
    FILTER_FIELDS.flatMap((name) => {
      const value = fields[name]
      return value === null ? [] : [[name, value]]
    }),
  )
}

function amountOf(text: string): bigint | null {
  const parsed = parseUsd(text)
  return parsed.ok ? parsed.nanos : null
}

function idOf(prefix: "member" | "key", text: string | null): string | "none" | null | undefined {
  if (text === null || text === "none") return text
  return fromPublicId(prefix, text) ?? undefined
}

/** Null for none, undefined for several. */
function textOf(value: string | string[] | undefined): string | null | undefined {
  if (value === undefined || value === "") return null
  return typeof value === "string" ? value : undefined
}
