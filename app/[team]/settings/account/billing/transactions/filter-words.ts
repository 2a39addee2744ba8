import type { TransactionFields } from "@/components/credits/transaction-filter-bar"
import { transactionLabel } from "@/components/credits/transaction-kinds"
import { LARGE_EXPORT } from "@/lib/billing-page/export-choice"
import type { TransactionChoices } from "@/lib/billing-page/transaction-choices"
import {
  type ChosenTransactions,
  chosenQuery,
  TRANSACTION_KINDS,
} from "@/lib/billing-page/transaction-filter"
import { consumableName } from "@/lib/catalog/catalog"
import { toPublicId } from "@/lib/ids"
import type { Pool } from "@/lib/pools/queries"
import { MAX_REFERENCE_LENGTH } from "@/lib/usage/find-transactions"

/** Reads a reference from the address. Undefined if there is none, null if no form of ours could have sent it. */
export function parseReference(text: string | string[] | undefined): string | null | undefined {
  if (text === undefined || text === "") return undefined
  return typeof text === "string" && text.length <= MAX_REFERENCE_LENGTH ? text : null
}

const EMPTY = { kind: "", from: "", to: "", member: "", key: "", consumable: "", min: "", max: "" }

export const fieldsOf = (chosen: ChosenTransactions): TransactionFields => ({
  ...EMPTY,
  ...chosenQuery(chosen),
})

/** Puts the choices of the filter into words. A choice that nothing has any more stays while it is chosen. */
export function choicesInWords(
  { members, keys, consumables }: TransactionChoices,
  pools: Pool[],
  chosen: ChosenTransactions,
) {
  const codes = new Set([...consumables, ...(chosen.consumable ? [chosen.consumable] : [])])
  return {
    pools: pools.map(({ id, holder }) => ({
      value: toPublicId("pool", id),
      label: holder ? (holder.hasLeft ? `${holder.name} (left)` : holder.name) : "Team",
    })),
    kinds: TRANSACTION_KINDS.map((kind) => ({ value: kind, label: transactionLabel(kind) })),
    members: [
      ...members.map(({ id, name }) => ({ value: toPublicId("member", id), label: name })),
      { value: "none", label: "No member" },
    ],
    keys: [
      ...keys.map(({ id, name }) => ({ value: toPublicId("key", id), label: name })),
      { value: "none", label: "No API key" },
    ],
    consumables: [...codes]
      .map((code) => ({ value: code, label: consumableName(code) }))
      .sort((a, b) => a.label.localeCompare(b.label, "en")),
  }
}

type Asked = {
  hasProblem: boolean
  reference: string | undefined
  isFiltered: boolean
  isShort: boolean
}

/** Says why nothing is listed. Null where the pool has nothing yet. */
export function emptyWords({ hasProblem, reference, isFiltered, isShort }: Asked) {
  if (hasProblem)
    return { title: "This filter doesn’t fit", text: "Correct the marked field, then apply it again." }
  if (reference !== undefined)
    return {
      title: "No transaction has this reference",
      text: "Usage that your plan covers isn’t a transaction. Check the reference for missing characters.",
    }
  if (isShort)
    return { title: "No match so far", text: "There are older transactions. Choose Older to go on." }
  return isFiltered ? { title: "No transactions match", text: "Change the filter, or clear it." } : null
}

const FORMATS = [
  { format: "csv", name: "CSV", detail: "Plain, for programs" },
  { format: "csv_bom", name: "CSV for spreadsheets", detail: "Marked as UTF-8, for Excel" },
  { format: "jsonl", name: "JSON Lines", detail: "One object in each line" },
] as const

/** Returns the menu's words and files. Null where nothing fits. */
export function exportOf(
  slug: string,
  chosen: Record<string, string>,
  { rows, lastSeq }: TransactionChoices,
) {
  if (rows === 0n) return null
  return {
    size: rows === 1n ? "One transaction" : `About ${rows.toLocaleString("en-US")} transactions`,
    isLarge: rows > LARGE_EXPORT,
    filePath: `/api/teams/${slug}/transactions`,
    files: FORMATS.map(({ format, name, detail }) => ({
      ...{ name, detail },
      query: String(new URLSearchParams({ ...chosen, up_to: String(lastSeq), format })),
    })),
  }
}
