import { readdirSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { testSql } from "@/dev/testing/sql"
import { testDatabase } from "@/dev/testing/world"
import { NANOS_PER_CENT, NANOS_PER_USD } from "@/lib/money/usd"

const world = testDatabase()
const sql = testSql(world)

const FOLDER = new URL("./sql/", import.meta.url)
const paths = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".sql"))
  .sort()
const textOf = (path: string) => readFileSync(new URL(path, FOLDER), "utf8")

/** The definitions in the files, as PostgreSQL has them, by the path of each file. */
const DEFINITIONS = `
  SELECT 'functions/' || p.proname || '.sql' AS path, CASE p.prokind
      WHEN 'a' THEN p.oid::regprocedure || concat_ws(', ', a.aggtransfn, a.aggtranstype::regtype, a.agginitval)
      ELSE pg_get_functiondef(p.oid) END AS definition
    FROM pg_proc p LEFT JOIN pg_aggregate a ON a.aggfnoid = p.oid WHERE p.pronamespace = 'public'::regnamespace
  UNION ALL SELECT 'triggers/' || t.tgname || '.sql', pg_get_triggerdef(t.oid) FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
  UNION ALL SELECT 'views/' || c.relname || '.sql', pg_get_viewdef(c.oid) FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm')
  UNION ALL SELECT 'types/' || c.relname || '.sql', (
      SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
      FROM pg_attribute a WHERE a.attrelid = c.oid) FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'c'
  ORDER BY path, definition`

const DROP_ALL = `
  DO $$
  DECLARE
    command text;
  BEGIN
    FOR command IN
      SELECT format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass) FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
      UNION ALL SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure) FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
      UNION ALL SELECT format('DROP VIEW IF EXISTS %s CASCADE', c.oid::regclass) FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'v'
      UNION ALL SELECT format('DROP TYPE IF EXISTS %s CASCADE', c.reltype::regtype) FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'c'
    LOOP EXECUTE command; END LOOP;
  END $$`

/** A trigger needs its function; a function needs its types when it is called only. */
const ORDER = ["types", "functions", "views", "triggers"]
const inOrder = paths.toSorted((a, b) => kindOf(a) - kindOf(b))
function kindOf(path: string): number {
  return ORDER.indexOf(path.split("/")[0] ?? "")
}

test("each file defines what its name says, as the migrated database has it, and nothing is without a file", async () => {
  const migrated = await sql.query(DEFINITIONS)
  expect(migrated.length).toBeGreaterThan(100)
  await sql.query("BEGIN")
  try {
    await sql.query("SET LOCAL check_function_bodies = off")
    await sql.query(DROP_ALL)
    expect(await sql.query(DEFINITIONS)).toEqual([])
    let before = 0
    for (const path of inOrder) {
      await sql.query(textOf(path))
      const now = await sql.query(DEFINITIONS)
      expect(now.map((row) => row.path)).toContain(path)
      expect(now.length).toBe(before + 1)
      before = now.length
    }
    expect(await sql.query(DEFINITIONS)).toEqual(migrated)
  } finally {
    await sql.query("ROLLBACK")
  }
})

test("each file begins with what it promises", () => {
  expect(paths.filter((path) => !/^-- [A-Z]/.test(textOf(path)))).toEqual([])
})

test("money is written as cents and dollars, which are the same here and in TypeScript", async () => {
  const [row] = await sql.query("SELECT nanos_per_cent() AS cent, nanos_per_usd() AS usd")
  expect(row).toEqual({ cent: String(NANOS_PER_CENT), usd: String(NANOS_PER_USD) })
  const isNamed = (path: string) => /^functions\/nanos_per_(cent|usd)\.sql$/.test(path)
  expect(paths.filter((path) => !isNamed(path) && /\b\d[\d_]{6,}/.test(textOf(path)))).toEqual([])
  const constraints = await sql.query(
    `SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
       AND contype = 'c' AND pg_get_constraintdef(oid) ~ '\\d{7}'`,
  )
  expect(constraints).toEqual([])
})
