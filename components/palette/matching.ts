import type { PaletteGroup, PaletteResults, PaletteRow } from "./palette-types"

export const NOTHING: PaletteResults = { members: [], keys: [], transactions: [], teams: [] }

/** Finds the rows in which each word of the text begins a word. Those that begin with the text itself come first. */
export function findRows(rows: PaletteRow[], text: string): PaletteRow[] {
  const words = plain(text).split(/\s+/).filter(Boolean)
  const isFirst = ({ label }: PaletteRow) => plain(label).startsWith(plain(text).trim())
  const found = rows.filter(({ label, detail }) => {
    const has = plain(`${label} ${detail}`).split(/[\s-]+/)
    return words.every((word) => has.some((each) => each.startsWith(word)))
  })
  return [...found.filter(isFirst), ...found.filter((row) => !isFirst(row))]
}

/**
 * Returns what of an earlier answer also fits a text that has gone on since, so that the list neither flickers nor
 * offers what nobody asks for any more. A reference names a transaction only when it is complete.
 */
export function narrow({ members, keys, teams }: PaletteResults, text: string): PaletteResults {
  const fits = ({ label, detail }: PaletteRow) => plain(`${label} ${detail}`).includes(plain(text))
  return {
    members: members.filter(fits),
    keys: keys.filter(fits),
    transactions: [],
    teams: teams.filter(fits),
  }
}

/** Puts what was found into groups. Those without anything are left out. */
export function toGroups(pages: PaletteRow[], results: PaletteResults): PaletteGroup[] {
  const { members, keys, transactions, teams } = results
  const groups = [
    { label: "Pages", items: pages },
    { label: "Members", items: members },
    { label: "API keys", items: keys },
    { label: "Transactions", items: transactions },
    { label: "Teams", items: teams },
  ]
  return groups.filter(({ items }) => items.length > 0)
}

/** Without capitals and accents, which people leave out when they search. */
const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
