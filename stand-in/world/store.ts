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
import { INDEXES, type Indexes } from "./indexes"
import { type KeyOf, StoreTable } from "./store-table"
import type { TableName, Tables } from "./tables"

interface JournalLine {
  table: TableName
  id: string
  row: unknown
}

/**
 * All state, in memory, with an append-only journal beside it. Each write reaches the operating system before the
 * answer leaves, so a killed process loses nothing. A half-written last line is dropped on the next start.
 */
export class Store {
  private readonly tables = new Map<TableName, StoreTable<{ id: string }>>()
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
    return this.table(table).get(id)
  }

  /** In order of creation, the reverse of Stripe's lists. Copies the table, so it isn't for frequent calls. */
  list<T extends TableName>(table: T): Tables[T][] {
    return this.table(table).all()
  }

  /** Oldest first, by one of the table's indexes. */
  where<T extends keyof Indexes>(table: T, index: keyof Indexes[T] & string, key: string): Tables[T][] {
    return this.table(table).where(index, key)
  }

  has<T extends keyof Indexes>(table: T, index: keyof Indexes[T] & string, key: string): boolean {
    return this.table(table).has(index, key)
  }

  table<T extends TableName>(name: T): StoreTable<Tables[T]> {
    const known = this.tables.get(name)
    if (known) return known as unknown as StoreTable<Tables[T]>
    const keys = (INDEXES as Partial<Record<TableName, object>>)[name] ?? {}
    const table = new StoreTable<Tables[T]>(keys as Record<string, KeyOf<Tables[T]>>)
    this.tables.set(name, table as unknown as StoreTable<{ id: string }>)
    return table
  }

  put<T extends TableName>(table: T, row: Tables[T]): Tables[T] {
    this.table(table).put(row)
    this.append({ table, id: row.id, row })
    return row
  }

  change<T extends TableName>(table: T, row: Tables[T], changes: Partial<Tables[T]>): Tables[T] {
    return this.put(table, Object.assign(row, changes))
  }

  remove(table: TableName, id: string): void {
    if (this.table(table).remove(id)) this.append({ table, id, row: null })
  }

  close(): void {
    if (this.journal !== null) closeSync(this.journal)
  }

  private append(line: JournalLine): void {
    if (this.journal !== null) writeSync(this.journal, `${JSON.stringify(line)}\n`)
  }

  private replay(text: string): void {
    const complete = text.slice(0, text.lastIndexOf("\n") + 1)
    for (const text of complete.split("\n").filter(Boolean)) {
      const line = JSON.parse(text) as JournalLine
      if (line.row === null) this.table(line.table).remove(line.id)
      else this.table(line.table).put(line.row as Tables[TableName])
    }
  }

  private snapshot(): string {
    const lines: string[] = []
    for (const [name, table] of this.tables) {
      for (const row of table.all()) lines.push(`${JSON.stringify({ table: name, id: row.id, row })}\n`)
    }
    return lines.join("")
  }
}
