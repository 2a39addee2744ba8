import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { consume, credit, readPool, usd } from "@/e2e/testing/ledger"
import { createTestTeam } from "@/e2e/testing/teams"
import { testDatabase } from "@/e2e/testing/world"
import { connectDb } from "@/lib/db/client"

const world = testDatabase()

test("of 200 charges at once exactly as many succeed as the balance covers", async () => {
  const team = await createTestTeam(world.db)
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  await credit(world.db, pool, usd(5), { source: "included", expiresAt: new Date(Date.now() + 60_000) })
  await credit(world.db, pool, usd(4.2))
  const cost = usd(0.13)
  // Two pools of connections, as two processes have them.
  const second = connectDb(world.databaseUrl, 8)
  try {
    const sources = [world.db, second]
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const db = sources[index % 2] ?? world.db
        // A charge on its own, without a transaction around it: the function alone has to be safe.
        const [row] = await db.$queryRaw<{ enough: boolean }[]>`
          SELECT enough FROM ledger_consume(${pool.teamId}::uuid, ${pool.poolId}::uuid, ${cost}::bigint,
            ${randomUUID()}::uuid, now(), NULL)`
        return row?.enough
      }),
    )
    expect(outcomes.filter(Boolean)).toHaveLength(Number(usd(9.2) / cost))
  } finally {
    await second.$disconnect()
  }
  const { includedNanos, creditsNanos } = await readPool(world.db, pool)
  expect(includedNanos + creditsNanos).toBe(usd(9.2) % cost)
  const lowest = await world.db.entry.aggregate({ where: pool, _min: { balanceAfterNanos: true } })
  expect(lowest._min.balanceAfterNanos).toBeGreaterThanOrEqual(0n)
})

test("charges and credits at once end at their sum", async () => {
  const team = await createTestTeam(world.db)
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  await credit(world.db, pool, usd(100))
  await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      index % 3 === 0 ? credit(world.db, pool, usd(2)) : consume(world.db, pool, usd(1)),
    ),
  )
  expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(100), lastSeq: 61n })
})

test("every reader sees a balance that its entries explain, while charges run", async () => {
  const team = await createTestTeam(world.db)
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  await credit(world.db, pool, usd(10))
  let isRunning = true
  const reader = (async () => {
    const seen: { differs: boolean }[] = []
    while (isRunning) {
      seen.push(
        ...(await world.db.$queryRaw<{ differs: boolean }[]>`
          SELECT p.credits_nanos <> coalesce((SELECT sum(e.amount_nanos) FROM entries e
            WHERE e.team_id = p.team_id AND e.pool_id = p.id), 0)
            OR p.credits_nanos <> (SELECT e.balance_after_nanos FROM entries e
            WHERE e.team_id = p.team_id AND e.pool_id = p.id AND e.seq = p.last_seq) AS differs
          FROM pools p WHERE p.team_id = ${pool.teamId}::uuid AND p.id = ${pool.poolId}::uuid`),
      )
    }
    return seen
  })()
  await Promise.all(Array.from({ length: 50 }, () => consume(world.db, pool, usd(0.1))))
  isRunning = false
  const seen = await reader
  expect(seen.length).toBeGreaterThan(1)
  expect(seen.filter(({ differs }) => differs)).toEqual([])
})
