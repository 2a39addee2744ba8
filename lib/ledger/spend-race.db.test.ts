import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { consume, credit, nanoMeter, readEntries, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { connectDb, type Db } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { planSpends } from "@/lib/metering/plan-spends"
import { usageKey } from "@/lib/metering/usage-key"
import { readPoolStates } from "./pool-state"
import { postSpends } from "./post-spends"

const world = testDatabase()

async function createPool(): Promise<TestPool> {
  const team = await createTestTeam(world.db)
  return { teamId: team.id, poolId: team.owner.poolId }
}

test("exactly as many of 200 simultaneous charges succeed as the balance covers", async () => {
  const pool = await createPool()
  await credit(world.db, pool, usd(5), { source: "included", expiresAt: new Date(Date.now() + 60_000) })
  await credit(world.db, pool, usd(4.2))
  const cost = usd(0.13)
  const meter = await nanoMeter(world.db, pool.teamId, "llm_tokens")
  const { meteringVersion: version } = await world.db.team.findUniqueOrThrow({ where: { id: pool.teamId } })
  /**
   * Plans on what it reads without a lock, and again for as long as somebody else was faster: the revision alone must
   * be safe.
   */
  const charge = async (db: Db): Promise<boolean> => {
    const query = queryIn(db)
    const named = usageKey(randomUUID(), "")
    const request = { ...named, meter, quantity: cost, reportedAt: null, metadata: null }
    for (;;) {
      const states = await readPoolStates(query, pool.teamId, [pool.poolId], { lock: false })
      const before = states.get(pool.poolId)
      if (!before) throw new Error("The pool is there")
      const { spend } = planSpends(before, [request], 0n)
      if (spend.rows.length === 0) return false
      const applied = await postSpends(query, { id: pool.teamId, version }, new Date(), [spend])
      if (applied.has(pool.poolId)) return true
    }
  }
  // Two connection pools, as two processes would have.
  const second = connectDb(world.databaseUrl, 8)
  try {
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, index) => charge(index % 2 === 0 ? world.db : second)),
    )
    expect(outcomes.filter(Boolean)).toHaveLength(Number(usd(9.2) / cost))
  } finally {
    await second.$disconnect()
  }
  const { includedNanos, creditsNanos } = await readPool(world.db, pool)
  expect(includedNanos + creditsNanos).toBe(usd(9.2) % cost)
  for (const { balanceAfterNanos } of await readEntries(world.db, pool))
    expect(balanceAfterNanos).toBeGreaterThanOrEqual(0n)
})

test("charges and credits at once end at their sum", async () => {
  const pool = await createPool()
  await credit(world.db, pool, usd(100))
  await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      index % 3 === 0 ? credit(world.db, pool, usd(2)) : consume(world.db, pool, usd(1)),
    ),
  )
  const { creditsNanos, lastSeq } = await readPool(world.db, pool)
  expect(creditsNanos).toBe(usd(100))
  // A charge that two grants pay is two entries.
  const entries = await readEntries(world.db, pool)
  expect(lastSeq).toBe(BigInt(entries.length))
  expect(entries.filter(({ usageKey }) => usageKey !== null)).toHaveLength(40)
})

test("every reader sees a balance that its entries explain, while charges run", async () => {
  const pool = await createPool()
  await credit(world.db, pool, usd(10))
  let isRunning = true
  const read = async () => {
    const seen: { differs: boolean }[] = []
    while (isRunning) {
      seen.push(
        ...(await world.db.$queryRaw<{ differs: boolean }[]>`
          SELECT p.credits_nanos <> coalesce((SELECT sum(e.amount_nanos) FROM entries e
            WHERE e.team_id = p.team_id AND e.pool_no = p.no), 0)
            OR p.credits_nanos <> (SELECT e.balance_after_nanos FROM entries e
            WHERE e.team_id = p.team_id AND e.pool_no = p.no AND e.seq = p.last_seq) AS differs
          FROM pools p WHERE p.team_id = ${pool.teamId}::uuid AND p.id = ${pool.poolId}::uuid`),
      )
    }
    return seen
  }
  const charge = async () => {
    await Promise.all(Array.from({ length: 50 }, () => consume(world.db, pool, usd(0.1))))
    isRunning = false
  }
  const [seen] = await Promise.all([read(), charge()])
  expect(seen.length).toBeGreaterThan(1)
  expect(seen.filter(({ differs }) => differs)).toEqual([])
})
