/** Marks UTF-8 for spreadsheets, which otherwise take it for an older encoding. */
export const CSV_BEGIN = "\uFEFF"

// A spreadsheet runs a cell that begins so as a formula, whoever wrote it. The wide forms count for some of them too.
const FORMULA = /^\s*[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20]/

/** Writes one line of RFC 4180. Text that a spreadsheet would run is shown as text. */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map(cellOf).join(",")}\r\n`
}

function cellOf(cell: string | null): string {
  if (cell === null) return ""
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return `"${text.replaceAll('"', '""')}"`
}
