import { CSV_BEGIN, type CsvCell, csvLine } from "./csv"

/** The kinds of files that a table is exported as. `csv_bom` is for spreadsheets that need UTF-8 marked. */
export const FILE_FORMATS = ["csv", "csv_bom", "jsonl"] as const
export type FileFormat = (typeof FILE_FORMATS)[number]

export const FILE_TYPES: Record<FileFormat, { ending: string; type: string }> = {
  csv: { ending: "csv", type: "text/csv; charset=utf-8" },
  csv_bom: { ending: "csv", type: "text/csv; charset=utf-8" },
  jsonl: { ending: "jsonl", type: "application/x-ndjson; charset=utf-8" },
}

/** A table of any length, read a part at a time. */
export type Table<Row> = {
  columns: readonly string[]
  /** As many as there are columns. */
  toCells: (row: Row) => readonly CsvCell[]
  parts: AsyncIterable<Row[]>
}

/**
 * Yields a table as a file, a part at a time: one of any length takes the memory of a part. Before each part it asks
 * whether the reader may still have it, and throws if not.
 */
export async function* writeTable<Row>(
  { columns, toCells, parts }: Table<Row>,
  format: FileFormat,
  mayGoOn: () => Promise<boolean>,
): AsyncGenerator<string> {
  if (format !== "jsonl") yield (format === "csv_bom" ? CSV_BEGIN : "") + csvLine(columns)
  const names = columns.map((name) => JSON.stringify(name))
  const lineOf = (row: Row) => (format === "jsonl" ? jsonLine(names, toCells(row)) : csvLine(toCells(row)))
  const rest = parts[Symbol.asyncIterator]()
  try {
    for (;;) {
      if (!(await mayGoOn())) throw new Error("The reader may no longer have this table")
      const { done, value } = await rest.next()
      if (done) return
      if (value.length > 0) yield value.map(lineOf).join("")
    }
  } finally {
    await rest.return?.()
  }
}

/** Numbers are texts here, as everywhere in our JSON, because a float would round them. */
function jsonLine(names: string[], cells: readonly CsvCell[]): string {
  const members = cells.map((cell, index) => {
    const value = cell !== null && typeof cell === "object" ? cell.number : cell
    return `${names[index]}:${JSON.stringify(value)}`
  })
  return `{${members.join(",")}}\n`
}
