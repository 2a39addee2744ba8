import { randomUUID } from "node:crypto"
import fc from "fast-check"
import { beforeAll, expect, test } from "vitest"
import { readEntries, usd } from "@/dev/testing/ledger"
import { createPayingTeam, SMS_NANOS, testMetering } from "@/dev/testing/metering"
import { answerTo, usageOf } from "@/dev/testing/metering-usage"
import { type Cut, startCuttingProxy } from "@/dev/testing/servers/cutting-proxy"
import { testDatabase } from "@/dev/testing/world"
import { connectForSpending } from "@/lib/db/spend-connections"
import { Metering } from "./metering"
import { reportUsage } from "./report-usage"

const world = testDatabase()
const meterings = testMetering(world)
let direct: Metering
beforeAll(() => {
  direct = meterings.start()
})

/**
 * Two more messages after this balance make it low, which is written with a job, in a transaction of several
 * statements.
 */
const NEARLY_LOW = usd(5) + SMS_NANOS

type Schedule = { cut: Cut; isCut: (sent: Buffer) => boolean; balance: bigint; records: number }

/** Spends through a connection that is cut, asks again over a good one, and compares. */
async function spendThroughCut({ cut, isCut, balance, records }: Schedule): Promise<number> {
  const { team, pool } = await createPayingTeam(world, balance)
  let isDone = false
  const proxy = await startCuttingProxy(world.databaseUrl, (sent) => {
    if (isDone || !isCut(sent)) return null
    isDone = true
    return cut
  })
  const connections = connectForSpending(proxy.url, 2)
  const usages = Array.from({ length: records }, () => usageOf({ key: randomUUID() }))
  try {
    const metering = new Metering(connections)
    const first = await Promise.all(usages.map((usage) => answerTo(metering, team.id, usage)))
    const again = await Promise.all(usages.map((usage) => reportUsage(direct, team.id, usage)))
    for (const [index, answer] of first.entries()) {
      if ("receipt" in answer) expect(again[index]).toEqual({ receipt: answer.receipt, replayed: true })
      else expect(answer).toEqual({ refused: "unavailable" })
    }
    const entries = (await readEntries(world.db, pool)).filter(({ usageKey }) => usageKey !== null)
    expect(new Set(entries.map(({ usageKey }) => usageKey)).size).toBe(records)
    expect(entries).toHaveLength(records)
    const jobs = await world.db.$queryRaw<{ crossings: number }[]>`
      SELECT count(*)::int AS crossings FROM graphile_worker.jobs WHERE key LIKE ${`tell-balance:${pool.poolId}:%`}`
    expect(jobs[0]?.crossings).toBe(balance === NEARLY_LOW ? 1 : 0)
    return proxy.cuts()
  } finally {
    await connections.end()
    await proxy.close()
  }
}

const anyCut = fc.constantFrom<Cut>("before", "after", "during-answer")
const anyRecords = fc.integer({ min: 1, max: 4 })

/** Several at a time, because each mostly waits for connections. Returns the number of cuts. */
async function spendThroughCuts(schedules: Schedule[]): Promise<number> {
  let cuts = 0
  for (let first = 0; first < schedules.length; first += 10) {
    const some = schedules.slice(first, first + 10)
    const made = await Promise.all(some.map(spendThroughCut))
    cuts += made.reduce((sum, each) => sum + each, 0)
  }
  return cuts
}

test("a connection that is cut at the moment of writing loses nothing and charges nothing twice", async () => {
  const schedules = fc.sample(fc.record({ cut: anyCut, isLocked: fc.boolean(), records: anyRecords }), 60)
  const cuts = await spendThroughCuts(
    schedules.map(({ isLocked, ...more }) => ({
      ...more,
      balance: isLocked ? NEARLY_LOW : usd(100),
      isCut: (sent) => sent.includes(isLocked ? "COMMIT" : "ledger_spend"),
    })),
  )
  expect(cuts).toBe(schedules.length)
})

test("nor does one that is cut at any other moment", async () => {
  const balance = fc.constantFrom(usd(100), NEARLY_LOW)
  const at = fc.integer({ min: 1, max: 16 })
  const schedules = fc.sample(fc.record({ cut: anyCut, balance, records: anyRecords, at }), 60)
  const cuts = await spendThroughCuts(
    schedules.map(({ at: moment, ...more }) => {
      let sent = 0
      const isCut = () => {
        sent += 1
        return sent === moment
      }
      return { ...more, isCut }
    }),
  )
  // A late moment may never come. An early one always does.
  expect(cuts).toBeGreaterThanOrEqual(schedules.filter(({ at: moment }) => moment <= 2).length)
  expect(cuts).toBeGreaterThan(0)
})
