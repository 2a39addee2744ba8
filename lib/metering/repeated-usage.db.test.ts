import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { readEntries, readPool, usd } from "@/dev/testing/ledger"
import { createPayingTeam, SMS_NANOS, testMetering } from "@/dev/testing/metering"
import { answerTo, usageOf } from "@/dev/testing/metering-usage"
import { testSql } from "@/dev/testing/sql"
import { testDatabase } from "@/dev/testing/world"
import { IdempotencyKeyReusedError } from "./errors"
import { reportUsage, type UsageReport } from "./report-usage"

const world = testDatabase()
const sql = testSql(world)
const meterings = testMetering(world)

const recordsOf = async (pool: Parameters<typeof readEntries>[1]) =>
  (await readEntries(world.db, pool)).filter(({ usageKey }) => usageKey !== null)

function at<T>(items: T[], index: number): T {
  const item = items[index % items.length]
  if (item === undefined) throw new Error("There are none")
  return item
}

function shuffled<T>(items: T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

describe("the same key", () => {
  test("a hundred times at once in three processes is paid once, and answered alike", async () => {
    const { team, pool } = await createPayingTeam(world, usd(5))
    const usage = usageOf({ quantity: 3n, metadata: '{"run":1}' })
    const processes = meterings.startMany(3)
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => reportUsage(at(processes, index), team.id, usage)),
    )
    expect(new Set(answers.map(({ receipt }) => Object.values(receipt).join())).size).toBe(1)
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(await recordsOf(pool)).toHaveLength(1)
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(5) - 3n * SMS_NANOS })
  })

  test("is answered as it was when the pool has emptied and filled since", async () => {
    const { team } = await createPayingTeam(world, 2n * SMS_NANOS)
    const [first, second] = [meterings.start(), meterings.start()]
    const usage = usageOf()
    const { receipt } = await reportUsage(first, team.id, usage)
    await reportUsage(first, team.id, usageOf())
    for (const metering of [first, second])
      expect(await reportUsage(metering, team.id, usage)).toEqual({ receipt, replayed: true })
    expect(await answerTo(first, team.id, usageOf())).toEqual({ refused: "insufficient_credits" })
  })

  test("of a refused record may be used again once there are credits", async () => {
    const { team, pool } = await createPayingTeam(world, 0n)
    const metering = meterings.start()
    const usage = usageOf()
    expect(await answerTo(metering, team.id, usage)).toEqual({ refused: "insufficient_credits" })
    await credits(pool, SMS_NANOS)
    expect(await reportUsage(metering, team.id, usage)).toMatchObject({ replayed: false })
  })

  test("in two teams is two records", async () => {
    const [one, other] = [await createPayingTeam(world, usd(5)), await createPayingTeam(world, usd(5))]
    const usage = usageOf({ key: "the-same" })
    const metering = meterings.start()
    const answers = await Promise.all([one, other].map(({ team }) => reportUsage(metering, team.id, usage)))
    expect(answers.map(({ replayed }) => replayed)).toEqual([false, false])
    for (const { pool } of [one, other]) expect(await recordsOf(pool)).toHaveLength(1)
  })

  const MORE: [string, (made: { keyId: string; email: string }) => Partial<UsageReport>][] = [
    ["consumable", () => ({ consumable: "voice" })],
    ["quantity", () => ({ quantity: 2n })],
    ["trigger", () => ({ cause: { trigger: "schedule", user: null, apiKeyId: null } })],
    ["user", ({ email }) => ({ cause: { trigger: "api_key", user: email, apiKeyId: null } })],
    ["API key", ({ keyId }) => ({ cause: { trigger: "api_key", user: null, apiKeyId: keyId } })],
    ["time", () => ({ occurredAt: new Date(1_700_000_000_000) })],
    ["metadata", () => ({ metadata: '{"a":1}' })],
  ]
  test.each(MORE)("with another %s is refused, and nothing is written", async (_, change) => {
    const { team, pool } = await createPayingTeam(world, usd(5))
    const { id: keyId } = await createTestApiKey(world.db, team)
    const [metering, other] = [meterings.start(), meterings.start()]
    const usage = usageOf()
    await reportUsage(metering, team.id, usage)
    const before = await readPool(world.db, pool)
    const changed = { ...usage, ...change({ keyId, email: team.member.email }) }
    for (const each of [metering, other])
      await expect(reportUsage(each, team.id, changed)).rejects.toThrow(IdempotencyKeyReusedError)
    expect(await readPool(world.db, pool)).toEqual(before)
    expect(await recordsOf(pool)).toHaveLength(1)
    expect(await reportUsage(other, team.id, usage)).toMatchObject({ replayed: true })
  })

  test("with another body at once: one of the two is paid, the other told", async () => {
    const { team, pool } = await createPayingTeam(world, usd(5))
    const [one, two] = meterings.startMany(2)
    if (!one || !two) throw new Error("Two were started")
    for (let round = 0; round < 10; round++) {
      const usage = usageOf()
      const answers = await Promise.all([
        answerTo(one, team.id, usage),
        answerTo(two, team.id, { ...usage, quantity: 2n }),
        answerTo(one, team.id, { ...usage, quantity: 3n }),
      ])
      expect(answers.filter((answer) => "receipt" in answer)).toHaveLength(1)
      const told = answers.flatMap((answer) => ("refused" in answer ? [answer.refused] : []))
      expect(told).toEqual(["idempotency_key_reused", "idempotency_key_reused"])
    }
    expect(await recordsOf(pool)).toHaveLength(10)
  })
})

test("another unique violation is no repetition: it is an error, and the record can still be paid", async () => {
  const { team, pool } = await createPayingTeam(world, usd(5))
  const metering = meterings.start()
  await reportUsage(metering, team.id, usageOf())
  const { no, lastSeq } = await readPool(world.db, pool)
  await sql.damage(
    `INSERT INTO entries (team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos, cause_id)
     VALUES ($1, $2, $3, 'credits', 'promotion', 1, 1, uuidv7())`,
    [team.id, no, lastSeq + 1n],
  )
  const usage = usageOf()
  const failed = await answerTo(metering, team.id, usage).catch(String)
  await sql.damage("DELETE FROM entries WHERE team_id = $1 AND seq = $2", [team.id, lastSeq + 1n])
  expect(failed).toContain("entries_pkey")
  expect(await reportUsage(metering, team.id, usage)).toMatchObject({ replayed: false })
})

test("one record that can’t be written takes no other with it", async () => {
  const { team, pool } = await createPayingTeam(world, usd(5))
  const metering = meterings.start()
  const poison = usageOf({ metadata: '{"a":"\\u0000"}' })
  const [good, bad, fine] = await Promise.allSettled(
    [usageOf(), poison, usageOf({ metadata: '{"a":"\\"}, {\\\\"}' })].map((usage) =>
      reportUsage(metering, team.id, usage),
    ),
  )
  expect([good?.status, bad?.status, fine?.status]).toEqual(["fulfilled", "rejected", "fulfilled"])
  const kept = (await recordsOf(pool)).map(({ metadata }) => metadata)
  expect(kept).toEqual([null, { a: '"}, {\\' }])
})

test("batches five times over, shuffled and overlapping, from three processes count each record once", async () => {
  const { team, pool } = await createPayingTeam(world, 60n * SMS_NANOS)
  const usages = Array.from({ length: 60 }, () => usageOf())
  const processes = meterings.startMany(3)
  const waves = Array.from({ length: 5 }, () => shuffled(usages))
  const answers = (
    await Promise.all(
      waves.map(async (wave, index) => {
        const metering = at(processes, index)
        const own = []
        for (let first = 0; first < wave.length; first += 12) {
          // Each batch begins with the end of the one before.
          const batch = wave.slice(Math.max(0, first - 4), first + 12)
          own.push(
            ...(await Promise.all(
              batch.map(async (usage) => ({ usage, answer: await reportUsage(metering, team.id, usage) })),
            )),
          )
        }
        return own
      }),
    )
  ).flat()
  expect(answers.filter(({ answer }) => !answer.replayed)).toHaveLength(60)
  const different = new Set(
    answers.map(({ usage, answer }) => [usage.key, ...Object.values(answer.receipt)].join()),
  )
  expect(different.size).toBe(60)
  expect(await recordsOf(pool)).toHaveLength(60)
  expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: 0n })
})

test("new records beside an unending stream of repeated ones are paid, not failed by them", async () => {
  const { team } = await createPayingTeam(world, usd(50))
  const [metering, before] = [meterings.start(), meterings.start()]
  const known = Array.from({ length: 40 }, () => usageOf())
  await Promise.all(known.map((usage) => reportUsage(before, team.id, usage)))
  let isPaid = false
  const repeat = async (own: UsageReport[]) => {
    while (!isPaid) for (const usage of own) await reportUsage(metering, team.id, usage)
  }
  const streams = [0, 1, 2, 3].map((n) => repeat(known.slice(n * 10, n * 10 + 10)))
  const fresh = await Promise.all(
    Array.from({ length: 40 }, () => reportUsage(metering, team.id, usageOf({ key: randomUUID() }))),
  ).finally(() => {
    isPaid = true
  })
  await Promise.all(streams)
  expect(fresh.filter(({ replayed }) => replayed)).toEqual([])
})

async function credits({ teamId, poolId }: { teamId: string; poolId: string }, amountNanos: bigint) {
  await sql.query(
    "SELECT ledger_credit($1, $2, 'promotion', 'promotion', 20::smallint, $3, uuidv7(), now(), NULL, NULL)",
    [teamId, poolId, amountNanos],
  )
}
