import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import {
  consume,
  credit,
  nanoMeter,
  readEntries,
  readGrants,
  readPool,
  type TestPool,
  usd,
} from "@/dev/testing/ledger"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { queryIn } from "@/lib/db/query"
import { planSpends } from "@/lib/metering/plan-spends"
import { readPoolStates } from "./pool-state"
import { postSpends } from "./post-spends"

const world = testDatabase()
const now = new Date()
const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS)
let pool: TestPool

beforeEach(async () => {
  const team = await createTestTeam(world.db)
  pool = { teamId: team.id, poolId: team.owner.poolId }
})

async function remaining() {
  return (await readGrants(world.db, pool)).map(({ remainingNanos }) => remainingNanos)
}

describe("usage", () => {
  test("draws included credits before promotions, whatever came or expires first", async () => {
    await credit(world.db, pool, usd(5), { expiresAt: inDays(10) })
    await credit(world.db, pool, usd(5), { source: "included", expiresAt: inDays(90) })
    const drawn = await consume(world.db, pool, usd(7), { occurredAt: now })
    expect(drawn).toMatchObject({ enough: true, includedNanos: usd(5), creditsNanos: usd(2) })
    expect(await readGrants(world.db, pool)).toEqual([
      { kind: "included", remainingNanos: 0n },
      { kind: "promotion", remainingNanos: usd(3) },
    ])
    const entries = (await readEntries(world.db, pool)).slice(2)
    expect(entries.map(({ bucket, amountNanos, pieces }) => [bucket, amountNanos, pieces])).toEqual([
      ["included", -usd(5), 2],
      ["credits", -usd(2), null],
    ])
  })

  test("draws what expires soonest, and what never expires last", async () => {
    await credit(world.db, pool, usd(1), { expiresAt: null })
    await credit(world.db, pool, usd(1), { expiresAt: inDays(20) })
    await credit(world.db, pool, usd(1), { expiresAt: inDays(10) })
    await consume(world.db, pool, usd(1.5), { occurredAt: now })
    expect(await remaining()).toEqual([0n, usd(0.5), usd(1)])
    const soonest = await world.db.grant.findFirstOrThrow({ where: { ...pool, remainingNanos: 0n } })
    expect(soonest.expiresAt).toEqual(inDays(10))
  })

  test("draws the oldest of equals", async () => {
    const causes = [randomUUID(), randomUUID(), randomUUID()]
    for (const causeId of causes) await credit(world.db, pool, usd(1), { causeId })
    await consume(world.db, pool, usd(1))
    const empty = await world.db.grant.findMany({ where: { ...pool, remainingNanos: 0n } })
    expect(empty.map(({ causeId }) => causeId)).toEqual([causes[0]])
  })

  test("does not draw what has expired, at the moment of its expiry either, nor for usage of before", async () => {
    await credit(world.db, pool, usd(1), { expiresAt: now })
    await credit(world.db, pool, usd(1), { expiresAt: inDays(-1) })
    expect(await consume(world.db, pool, usd(1), { occurredAt: now })).toMatchObject({ enough: false })
    expect(await consume(world.db, pool, usd(1), { occurredAt: inDays(-0.5) })).toMatchObject({
      enough: false,
    })
    const written = (await readEntries(world.db, pool)).slice(2)
    expect(written.map(({ kind, amountNanos }) => [kind, amountNanos])).toEqual([
      ["expiry", -usd(1)],
      ["expiry", -usd(1)],
    ])
  })

  test("planned on a grant that has expired since is refused whole", async () => {
    await credit(world.db, pool, usd(1), { expiresAt: inDays(1) })
    const query = queryIn(world.db)
    const before = (await readPoolStates(query, pool.teamId, [pool.poolId], { lock: false })).get(pool.poolId)
    const { meteringVersion: version } = await world.db.team.findUniqueOrThrow({ where: { id: pool.teamId } })
    const meter = await nanoMeter(world.db, pool.teamId, "llm_tokens")
    const request = { key: 1n, print: 1, meter, quantity: 5n, reportedAt: null, metadata: null }
    if (!before) throw new Error("The pool is there")
    const { spend } = planSpends(before, [request], 0n)
    const post = (at: Date) => postSpends(query, { id: pool.teamId, version }, at, [spend])
    await expect(post(inDays(1))).rejects.toThrow("doesn't have, or no longer")
    expect(await readEntries(world.db, pool)).toHaveLength(1)
    expect(await post(new Date(inDays(1).getTime() - 1))).toEqual(new Set([pool.poolId]))
  })

  test("of a nano more than there is writes nothing", async () => {
    await credit(world.db, pool, usd(1))
    expect(await consume(world.db, pool, usd(1) + 1n)).toEqual({
      enough: false,
      replayed: false,
      includedNanos: 0n,
      creditsNanos: 0n,
    })
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(1), lastSeq: 1n })
    expect(await consume(world.db, pool, usd(1))).toMatchObject({ enough: true })
  })

  test.each([0n, -1n, -usd(5)])("of %s is refused", async (amount) => {
    await credit(world.db, pool, usd(1))
    await expect(consume(world.db, pool, amount)).rejects.toThrow(
      /Usage can’t be negative|entries_sign_fits_kind/,
    )
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(1), lastSeq: 1n })
  })

  test("leaves the member's other teams and pools alone", async () => {
    const other = await createTestTeam(world.db)
    await credit(world.db, pool, usd(5))
    const foreign = { teamId: other.id, poolId: pool.poolId }
    await expect(consume(world.db, foreign, usd(1))).rejects.toThrow("The team has no such pool")
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(5) })
  })
})

describe("the same cause", () => {
  test("draws once, and answers what it answered first", async () => {
    await credit(world.db, pool, usd(5))
    await credit(world.db, pool, usd(1), { source: "included", expiresAt: inDays(1) })
    const causeId = randomUUID()
    const first = await consume(world.db, pool, usd(2), { causeId })
    expect(await consume(world.db, pool, usd(2), { causeId })).toEqual({ ...first, replayed: true })
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(4), includedNanos: 0n })
  })

  test("credits once, and answers what it answered first", async () => {
    const causeId = randomUUID()
    const first = await credit(world.db, pool, usd(5), { causeId })
    await consume(world.db, pool, usd(1))
    expect(await credit(world.db, pool, usd(5), { causeId })).toEqual({ ...first, replayed: true })
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(4) })
  })

  test("at once from twenty sides draws and credits once", async () => {
    const [give, use] = [randomUUID(), randomUUID()]
    const given = await Promise.all(
      Array.from({ length: 20 }, () => credit(world.db, pool, usd(5), { causeId: give })),
    )
    const used = await Promise.all(
      Array.from({ length: 20 }, () => consume(world.db, pool, usd(1), { causeId: use })),
    )
    expect(given.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(used.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(4), lastSeq: 2n })
  })

  test("may credit and draw, and another cause is another credit", async () => {
    const causeId = randomUUID()
    await credit(world.db, pool, usd(5), { causeId })
    await consume(world.db, pool, usd(1), { causeId })
    await credit(world.db, pool, usd(5))
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(9), lastSeq: 3n })
  })

  test("in two teams is two credits", async () => {
    const other = await createTestTeam(world.db)
    const causeId = randomUUID()
    await credit(world.db, pool, usd(5), { causeId })
    const elsewhere = { teamId: other.id, poolId: other.owner.poolId }
    expect(await credit(world.db, elsewhere, usd(5), { causeId })).toMatchObject({ replayed: false })
  })
})
