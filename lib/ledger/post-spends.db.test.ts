import { expect, test } from "vitest"
import { credit, nanoMeter, readEntries, readPool, usd } from "@/dev/testing/ledger"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { queryIn } from "@/lib/db/query"
import { planSpends } from "@/lib/metering/plan-spends"
import { readPoolStates } from "./pool-state"
import { type PoolSpend, postSpends, type SpendRow, toPool, toRow } from "./post-spends"

const world = testDatabase()
const sql = testSql(world)

/** Plans one usage record of some nanos in a pool that was just given two dollars. */
async function planOne() {
  const team = await createTestTeam(world.db)
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  await credit(world.db, pool, usd(2))
  const query = queryIn(world.db)
  const before = (await readPoolStates(query, team.id, [pool.poolId], { lock: false })).get(pool.poolId)
  const { meteringVersion } = await world.db.team.findUniqueOrThrow({ where: { id: team.id } })
  if (!before) throw new Error("The pool is there")
  const meter = await nanoMeter(world.db, team.id, "llm_tokens")
  const request = { key: 7n, print: 1, meter, quantity: 500n, reportedAt: null, metadata: null }
  const { spend } = planSpends(before, [request], 0n)
  const [row] = spend.rows
  if (!row) throw new Error("The usage draws from one grant")
  const post = (planned: PoolSpend) =>
    postSpends(query, { id: team.id, version: meteringVersion }, new Date(), [planned])
  return { pool, spend, row, post }
}

test("pools and rows have the fields of the database's types, in their order", async () => {
  const types = await sql.query(
    `SELECT c.relname AS type, array_agg(a.attname::text ORDER BY a.attnum) AS fields
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relname IN ('spend_pool', 'spend_row') GROUP BY c.relname ORDER BY c.relname`,
  )
  const { spend, row } = await planOne()
  expect(types).toEqual([
    { type: "spend_pool", fields: Object.keys(toPool(spend)) },
    { type: "spend_row", fields: Object.keys(toRow(1, row)) },
  ])
})

test.each<[string, (row: SpendRow) => SpendRow[]]>([
  ["with no grant that pays", (row) => [{ ...row, grant: null }]],
  ["with another grant's number", (row) => [{ ...row, grant: row.grant && { ...row.grant, no: 2 } }]],
  [
    "of which one part has no grant",
    (row) => [
      { ...row, amountNanos: 499n },
      { ...row, amountNanos: 1n, grant: null, record: null },
    ],
  ],
])("a draw %s is refused whole", async (_, change) => {
  const { pool, spend, row, post } = await planOne()
  await expect(post({ ...spend, rows: change(row) })).rejects.toThrow(
    "names a grant that its pool doesn't have",
  )
  expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(2), lastSeq: 1n })
  expect(await post(spend)).toEqual(new Set([pool.poolId]))
  expect((await readEntries(world.db, pool)).map(({ amountNanos }) => amountNanos)).toEqual([usd(2), -500n])
})
