/** Marks UTF-8 for spreadsheets, which otherwise take it for an older encoding. */
export const CSV_BEGIN = "\uFEFF"

// A spreadsheet runs a cell that begins so as a formula, whoever wrote it. The wide forms count for some of them too.
const FORMULA = /^\s*[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20]/

/** A text, nothing, or a number in plain digits that we wrote ourselves: a minus sign before it is no formula. */
export type CsvCell = string | null | { number: string }

/** Writes one line of RFC 4180. Text that a spreadsheet would run is shown as text. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(cellOf).join(",")}\r\n`
}

function cellOf(cell: CsvCell): string {
  if (cell === null) return ""
  if (typeof cell === "object") return numberOf(cell.number)
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return text.includes('"') ? `"${text.replaceAll('"', '""')}"` : `"${text}"`
}

function numberOf(digits: string): string {
  if (!/^-?[0-9]+(\.[0-9]+)?$/.test(digits)) throw new Error("Not a number in plain digits")
  return digits
}
