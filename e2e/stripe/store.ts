import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs"
import { join } from "node:path"
import type { TableName, Tables } from "./tables"

interface JournalLine {
  table: TableName
  id: string
  row: unknown
}

/**
 * All state, in memory, with an append-only journal beside it. Each write reaches the operating system before the
 * answer leaves, so a killed process loses nothing; a half-written last line is dropped on the next start.
 */
export class Store {
  private readonly tables = new Map<TableName, Map<string, unknown>>()
  private readonly journal: number | null

  constructor(dataDir?: string) {
    if (dataDir === undefined) {
      this.journal = null
      return
    }
    mkdirSync(dataDir, { recursive: true })
    const path = join(dataDir, "journal.jsonl")
    if (existsSync(path)) this.replay(readFileSync(path, "utf8"))
    writeFileSync(`${path}.new`, this.snapshot())
    renameSync(`${path}.new`, path)
    this.journal = openSync(path, "a")
  }

  get<T extends TableName>(table: T, id: string): Tables[T] | undefined {
    return this.rows(table).get(id)
  }

  /** In the order of creation; Stripe lists the other way round. */
  list<T extends TableName>(table: T): Tables[T][] {
    return [...this.rows(table).values()]
  }

  put<T extends TableName>(table: T, row: Tables[T]): Tables[T] {
    this.rows(table).set(row.id, row)
    this.append({ table, id: row.id, row })
    return row
  }

  change<T extends TableName>(table: T, row: Tables[T], changes: Partial<Tables[T]>): Tables[T] {
    return this.put(table, Object.assign(row, changes))
  }

  remove(table: TableName, id: string): void {
    if (this.rows(table).delete(id)) this.append({ table, id, row: null })
  }

  close(): void {
    if (this.journal !== null) closeSync(this.journal)
  }

  private rows<T extends TableName>(table: T): Map<string, Tables[T]> {
    const rows = this.tables.get(table) ?? new Map<string, unknown>()
    this.tables.set(table, rows)
    return rows as Map<string, Tables[T]>
  }

  private append(line: JournalLine): void {
    if (this.journal !== null) writeSync(this.journal, `${JSON.stringify(line)}\n`)
  }

  private replay(text: string): void {
    const complete = text.slice(0, text.lastIndexOf("\n") + 1)
    for (const text of complete.split("\n").filter(Boolean)) {
      const line = JSON.parse(text) as JournalLine
      if (line.row === null) this.rows(line.table).delete(line.id)
      else (this.rows(line.table) as Map<string, unknown>).set(line.id, line.row)
    }
  }

  private snapshot(): string {
    const lines: string[] = []
    for (const [table, rows] of this.tables) {
      for (const [id, row] of rows) lines.push(`${JSON.stringify({ table, id, row })}\n`)
    }
    return lines.join("")
  }
}
