import { Pool } from "pg"
import { env } from "@/lib/env"
import { perProcess } from "@/lib/per-process"
import { Prisma } from "./generated/client"

/** Runs a query and returns its rows, as Prisma's client does. */
export type Reader = {
  $queryRaw<Rows = unknown>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]): PromiseLike<Rows>
}

/**
 * Separate connections for reading what is exported: a long export takes none that a page waits for, and rows of
 * millions are read about twice as fast as through Prisma, whose values they have.
 */
export type ExportConnections = Reader & { end: () => Promise<void> }

export function connectForExports(connectionString: string, size: number): ExportConnections {
  const pool = new Pool({
    connectionString,
    max: size,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    keepAlive: true,
    application_name: "credits-exports",
  })
  // A connection that breaks while idle is replaced. The next statement reports a database that is gone.
  pool.on("error", () => undefined)
  return {
    async $queryRaw<Rows>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) {
      const { text, values: args } =
        "raw" in query ? Prisma.sql(query as TemplateStringsArray, ...values) : query
      const { rows, fields } = await pool.query({ text, values: args, rowMode: "array", types: TEXTS })
      return toObjects(rows as (string | null)[][], fields) as Rows
    },
    end: () => pool.end(),
  }
}

/** Every value as PostgreSQL writes it. `toObjects` reads each column by its type. */
const TEXTS = { getTypeParser: () => (text: string) => text }

function toObjects(rows: (string | null)[][], fields: { name: string; dataTypeID: number }[]): unknown[] {
  const names = fields.map(({ name }) => name)
  const readers = fields.map(({ dataTypeID }) => READERS[dataTypeID])
  // Plain loops, because this runs for each cell of millions of rows.
  return rows.map((values) => {
    const row: Record<string, unknown> = {}
    for (let at = 0; at < names.length; at++) {
      const text = values[at]
      const read = readers[at]
      row[names[at] as string] = text == null || read === undefined ? text : read(text)
    }
    return row
  })
}

/** By the number of a type, which PostgreSQL never changes. All others stay text. */
const READERS: Record<number, (text: string) => unknown> = {
  16: (text) => text === "t",
  20: BigInt,
  21: Number,
  23: Number,
  114: (text) => JSON.parse(text),
  3802: (text) => JSON.parse(text),
  1184: (text) => new Date(text),
}

/** One reads while another is written. More exports at once take turns. */
const EXPORT_CONNECTIONS = 2

/** The connections of this process for exports. Connects on first use. */
export function exportConnections(): ExportConnections {
  return perProcess("export-connections", () => connectForExports(env().DATABASE_URL, EXPORT_CONNECTIONS))
}
