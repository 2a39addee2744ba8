import { readdirSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { testSql } from "@/dev/testing/sql"
import { testDatabase } from "@/dev/testing/world"

const world = testDatabase()
const sql = testSql(world)

const folder = new URL("./schema/", import.meta.url)
const schema = readdirSync(folder)
  .map((file) => readFileSync(new URL(file, folder), "utf8"))
  .join("\n")

type Block = { name: string; mapped: string; lines: string[] }

function blocks(keyword: "model" | "enum"): Block[] {
  return [...schema.matchAll(new RegExp(`^${keyword} (\\w+) \\{\\n([\\s\\S]*?)^\\}`, "gm"))].map(
    ([, name = "", body = ""]) => ({
      name,
      mapped: /@@map\("(\w+)"\)/.exec(body)?.[1] ?? name,
      lines: body
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line && !line.startsWith("@@") && !line.startsWith("//")),
    }),
  )
}

const [models, enums] = [blocks("model"), blocks("enum")]
const relations = new Set(models.map(({ name }) => name))

const TYPES: Record<string, string> = {
  String: "text",
  Int: "int4",
  BigInt: "int8",
  Boolean: "bool",
  DateTime: "timestamptz",
  Json: "jsonb",
}

/** A column as the model describes it: name, type, and whether it may be null. */
function columnsOf({ lines }: Block): string[] {
  return lines.flatMap((line) => {
    const [field = "", declared = "", ...rest] = line.split(/\s+/)
    const [, type = "", isList, isOptional] = /^(\w+)((?:\[\])?)(\??)/.exec(declared) ?? []
    if (relations.has(type)) return []
    const attributes = rest.join(" ")
    const column = /@map\("(\w+)"\)/.exec(attributes)?.[1] ?? field
    const native = /@db\.(\w+)/.exec(attributes)?.[1]
    const known: Record<string, string> = {
      Uuid: "uuid",
      Timestamptz: "timestamptz",
      Date: "date",
      SmallInt: "int2",
    }
    const mapped = enums.find(({ name }) => name === type)?.mapped ?? TYPES[type] ?? type
    const base = native ? (known[native] ?? native) : mapped
    // PostgreSQL names a list's type `_text`.
    return [`${column} ${isList ? "_" : ""}${base}${isOptional ? " null" : ""}`]
  })
}

test("every model has the columns of its table, with their types, and no other", async () => {
  const rows = await sql.query(
    `SELECT table_name, array_agg(column_name || ' ' || udt_name || CASE is_nullable WHEN 'YES' THEN ' null' ELSE '' END) AS columns
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' GROUP BY table_name`,
  )
  const inDatabase = Object.fromEntries(
    rows.map((row) => [row.table_name, [...(row.columns as string[])].sort()]),
  )
  const inSchema = Object.fromEntries(models.map((model) => [model.mapped, columnsOf(model).sort()]))
  expect(inSchema).toEqual(inDatabase)
  expect(models.length).toBeGreaterThan(10)
})

test("every enum has the values of its type, in their order", async () => {
  const rows = await sql.query(
    `SELECT t.typname, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS labels
     FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid JOIN pg_namespace n ON n.oid = t.typnamespace
     WHERE n.nspname = 'public' GROUP BY t.typname`,
  )
  const inDatabase = Object.fromEntries(rows.map((row) => [row.typname, row.labels]))
  expect(Object.fromEntries(enums.map(({ mapped, lines }) => [mapped, lines]))).toEqual(inDatabase)
})

test("every table about a team begins its keys with the team", async () => {
  const rows = await sql.query(
    `SELECT c.relname AS table_name, i.indexrelid::regclass::text AS index_name,
       (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = i.indkey[0]) AS first
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = 'team_id'
     WHERE n.nspname = 'public' AND i.indisunique
       -- Tables that are read before the team is known, and run over all teams.
       AND c.relname NOT IN ('former_slugs', 'stripe_customers', 'parked_payments', 'reconciliation_runs')`,
  )
  expect(rows.length).toBeGreaterThan(20)
  expect(rows.filter(({ first }) => first !== "team_id")).toEqual([])
})
