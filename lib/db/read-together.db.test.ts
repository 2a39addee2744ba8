import { expect, test } from "vitest"
import { testDatabase } from "@/dev/testing/world"
import { Prisma } from "./generated/client"
import { type Read, readAlone, readTogether } from "./read-together"

const world = testDatabase()

const numbers = (...values: bigint[]): Read<bigint[]> => ({
  rows: Prisma.sql`SELECT n::text AS n FROM unnest(${values}::bigint[]) WITH ORDINALITY u (n, place) ORDER BY place DESC`,
  toValue: (rows: { n: string }[]) => rows.map(({ n }) => BigInt(n)),
})

test("several reads are one statement, each with its own rows, in their order and exact", async () => {
  const statements: string[] = []
  const db = {
    $queryRaw: (text: TemplateStringsArray, ...values: unknown[]) => {
      statements.push(text.join("?"))
      return world.db.$queryRaw(text, ...values)
    },
  } as typeof world.db
  const read = await readTogether(db, {
    several: numbers(1n, 9_007_199_254_740_993n, -3n),
    none: numbers(),
    unasked: null,
    at: {
      rows: Prisma.sql`SELECT timestamptz '2026-03-01 10:00:00.123+02' AS at`,
      toValue: ([row]: { at: string }[]) => new Date(row?.at ?? ""),
    },
  })
  expect(read).toEqual({
    several: [-3n, 9_007_199_254_740_993n, 1n],
    none: [],
    unasked: null,
    at: new Date("2026-03-01T08:00:00.123Z"),
  })
  expect(statements).toHaveLength(1)
})

test("nothing to read asks nothing, and one read stands alone", async () => {
  expect(await readTogether(world.db, { unasked: null })).toEqual({ unasked: null })
  expect(await readAlone(world.db, numbers(7n))).toEqual([7n])
})
