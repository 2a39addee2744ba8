import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { testSql } from "@/dev/testing/sql"
import { testDatabase } from "@/dev/testing/world"

const world = testDatabase()
const sql = testSql(world)

/** A table by itself, or what it names, as `grants }o--|| pools : "pool_id"`. */
const LINE = /^(\w+)(?: [|}]o(--|\.\.)[|o]\| (\w+) : "([^"]+)")?$/
const readme = readFileSync(new URL("./README.md", import.meta.url), "utf8")
const pictures = [...readme.matchAll(/```mermaid\nerDiagram\n(.*?)\n```/gs)].flatMap(([, lines = ""]) =>
  lines.split("\n").map((text) => {
    const [line, table, dots, parent, columns] = LINE.exec(text.trim()) ?? []
    if (!line || !table) throw new Error(`The picture has the line ${text}`)
    return { line, table, isDotted: dots === "..", parent, columns }
  }),
)

/** The tables of each list, in the order of the lists. */
const lists = readme
  .split("\n\n")
  .filter((block) => block.startsWith("| table | keeps |"))
  .map((block) => [...block.matchAll(/^\| `(\w+)` \|/gm)].map(([, table = ""]) => table))

const TABLES = `
  SELECT c.relname::text AS table_name, a.attname IS NOT NULL AS names_team,
    c.relname = 'teams' OR EXISTS (
      SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indkey[0] = a.attnum) AS begins_with_team
  FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'team_id'
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> '_prisma_migrations'`

// As a line of a picture: at most one row on the left where the key is unique there, perhaps none on the right where one
// of its columns may be null.
const FOREIGN_KEYS = `
  SELECT format('%s %s--%s %s : "%s"', f.conrelid::regclass,
    CASE WHEN EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = f.conrelid AND i.indisunique AND i.indpred IS NULL
      AND i.indkey::int2[] <@ f.conkey) THEN '|o' ELSE '}o' END,
    CASE WHEN EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = f.conrelid AND a.attnum = ANY (f.conkey)
      AND NOT a.attnotnull) THEN 'o|' ELSE '||' END,
    f.confrelid::regclass,
    (SELECT string_agg(a.attname, ', ' ORDER BY k.place) FROM unnest(f.conkey) WITH ORDINALITY AS k (no, place)
      JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.no WHERE a.attname <> 'team_id')) AS line
  FROM pg_constraint f
  WHERE f.contype = 'f' AND f.connamespace = 'public'::regnamespace AND f.confrelid <> 'teams'::regclass`

test("the lists say of every table whether it belongs to a team", async () => {
  const tables = await sql.query(TABLES)
  const those = (belongs: (table: Record<string, unknown>) => unknown) =>
    tables.filter(belongs).map((table) => table.table_name)
  expect(lists.map((list) => list.toSorted())).toEqual([
    those((table) => table.begins_with_team).sort(),
    those((table) => !table.names_team && !table.begins_with_team).sort(),
    those((table) => table.names_team && !table.begins_with_team).sort(),
  ])
})

test("the pictures have every table, and a line for every foreign key", async () => {
  const tables = await sql.query(TABLES)
  const drawn = new Set(pictures.flatMap(({ table, parent }) => [table, parent]))
  expect(tables.map((table) => table.table_name).filter((table) => !drawn.has(String(table)))).toEqual([])
  const keys = await sql.query(FOREIGN_KEYS)
  const solid = pictures.flatMap(({ line, parent, isDotted }) => (parent && !isDotted ? [line] : []))
  expect(solid.sort()).toEqual(keys.map((key) => key.line).sort())
})

test("a dotted line names a column and a table that are there", async () => {
  const dotted = pictures.filter(({ isDotted }) => isDotted)
  expect(dotted.length).toBeGreaterThan(10)
  for (const { table, parent, columns } of dotted)
    expect(
      await sql.query(
        `SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = $2 AND to_regclass($3) IS NOT NULL`,
        [table, columns, parent],
      ),
      `${table}.${columns} names a row of ${parent}`,
    ).toHaveLength(1)
})
