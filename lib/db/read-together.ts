import type { Db } from "./client"
import { Prisma } from "./generated/client"

/**
 * A small read that can share a statement with others. Its rows travel as JSON, which has no exact whole numbers above
 * 2^53 and no times: amounts are cast to text, and times arrive as text.
 */
export type Read<Value> = {
  rows: Prisma.Sql
  // biome-ignore lint/suspicious/noExplicitAny: each read knows the columns that it selects.
  toValue: (rows: any[]) => Value
}

type Values<Reads> = { [Name in keyof Reads]: Reads[Name] extends Read<infer Value> ? Value : null }

/**
 * Runs several reads as one statement, so that a page pays for one way to the database and all are of one moment. What
 * is null isn't asked for.
 */
export async function readTogether<Reads extends Record<string, Read<unknown> | null>>(
  db: Pick<Db, "$queryRaw">,
  reads: Reads,
): Promise<Values<Reads>> {
  const asked = Object.entries(reads).flatMap(([name, read]) => (read ? [{ name, read }] : []))
  const columns = asked.map(
    ({ read }, index) =>
      Prisma.sql`(SELECT coalesce(json_agg(r), '[]') FROM (${read.rows}) r) AS ${Prisma.raw(`r${index}`)}`,
  )
  const [found] =
    asked.length === 0
      ? [{}]
      : await db.$queryRaw<Record<string, unknown[]>[]>`SELECT ${Prisma.join(columns, ", ")}`
  const values = new Map(
    asked.map(({ name, read }, index) => [
      name,
      read.toValue((found as Record<string, unknown[]>)[`r${index}`] ?? []),
    ]),
  )
  return Object.fromEntries(
    Object.keys(reads).map((name) => [name, values.get(name) ?? null]),
  ) as Values<Reads>
}

/** Runs one read by itself. */
export async function readAlone<Value>(db: Pick<Db, "$queryRaw">, read: Read<Value>): Promise<Value> {
  const { value } = await readTogether(db, { value: read })
  return value as Value
}
