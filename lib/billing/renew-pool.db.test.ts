import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { credit, readEntries, readGrants, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { testMetering } from "@/dev/testing/metering"
import { answerTo, usageOf } from "@/dev/testing/metering-usage"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { clock, DAY_MS } from "@/lib/clock"
import type { Plan } from "@/lib/db/generated/enums"
import { queryIn } from "@/lib/db/query"
import { reportUsage } from "@/lib/metering/report-usage"
import { billingPeriodAt } from "./period"
import { renewPool } from "./renew-pool"

const world = testDatabase()
const meterings = testMetering(world)
let team: TestTeam
let pool: TestPool

beforeEach(async () => {
  team = await createTestTeam(world.db, { plan: "build" })
  pool = { teamId: team.id, poolId: team.owner.poolId }
})
afterEach(() => vi.restoreAllMocks())

const at = (text: string) => new Date(`${text}T00:00:00Z`)
const setClock = (now: Date) => vi.spyOn(clock, "now").mockReturnValue(now)
const anchorAt = (periodAnchor: Date) =>
  world.db.team.update({ where: { id: team.id }, data: { periodAnchor } })

async function renew(now: Date, periodAnchor: Date, plan: Plan = "build") {
  await world.db.team.update({ where: { id: team.id }, data: { periodAnchor, plan } })
  await world.db.$transaction((tx) => renewPool(queryIn(tx), pool, now))
}

const periods = async () =>
  (await world.db.period.findMany({ where: pool, orderBy: { startsAt: "asc" } })).map(({ startsAt }) =>
    startsAt.toISOString().slice(0, 10),
  )

const includedEntries = async () =>
  (await readEntries(world.db, pool))
    .filter(({ bucket }) => bucket === "included")
    .map(({ kind, amountNanos }) => [kind, amountNanos])

test("ten at once begin a period once, and bought credits stay as they are", async () => {
  await credit(world.db, pool, usd(7))
  const anchor = at("2026-01-31")
  for (const day of ["2026-01-31", "2026-02-28", "2026-03-31"]) {
    await Promise.all(Array.from({ length: 10 }, () => renew(at(day), anchor)))
    expect(await readPool(world.db, pool)).toMatchObject({ includedNanos: usd(20), creditsNanos: usd(7) })
  }
  expect(await periods()).toEqual(["2026-01-31", "2026-02-28", "2026-03-31"])
  expect(await includedEntries()).toEqual([
    ["included_grant", usd(20)],
    ["expiry", -usd(20)],
    ["included_grant", usd(20)],
    ["expiry", -usd(20)],
    ["included_grant", usd(20)],
  ])
})

test.each([
  ["31 January", "2026-01-31", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]],
  ["29 February", "2024-02-29", ["2024-02-29", "2024-03-29", "2025-02-28", "2025-03-29", "2028-02-29"]],
])("an anchor on %s begins periods on its day or the month’s last", async (_, anchor, starts) => {
  for (const start of starts) {
    await renew(new Date(at(start).getTime() - 1), at(anchor))
    await renew(at(start), at(anchor))
    expect((await periods()).at(-1)).toBe(start)
  }
})

test("months that nobody used anything in are skipped: nothing of them is granted", async () => {
  const anchor = at("2026-01-15")
  await renew(at("2026-01-20"), anchor)
  await renew(at("2026-07-16"), anchor)
  expect(await periods()).toEqual(["2026-01-15", "2026-07-15"])
  expect(await readPool(world.db, pool)).toMatchObject({ includedNanos: usd(20) })
  expect(await readGrants(world.db, pool)).toEqual([
    { kind: "included", remainingNanos: 0n },
    { kind: "included", remainingNanos: usd(20) },
  ])
  // A process whose clock is behind changes nothing.
  await renew(at("2026-06-20"), anchor)
  expect(await periods()).toHaveLength(2)
})

test("a first period that is still to come begins at once, and the next one when it ends", async () => {
  const anchor = at("2026-05-10")
  setClock(at("2026-05-01"))
  await anchorAt(anchor)
  const metering = meterings.start()
  expect(await answerTo(metering, team.id, usageOf({ quantity: 200n }))).toMatchObject({
    receipt: { allowanceQuantity: 100n },
  })
  expect(await periods()).toEqual(["2026-05-10"])
  setClock(at("2026-06-10"))
  expect(await answerTo(metering, team.id, usageOf())).toMatchObject({ receipt: { allowanceQuantity: 1n } })
  expect(await periods()).toEqual(["2026-05-10", "2026-06-10"])
})

test("a plan without included credits begins periods with allowances only", async () => {
  await renew(at("2026-01-20"), at("2026-01-15"), "free")
  expect(await periods()).toEqual(["2026-01-15"])
  expect(await readEntries(world.db, pool)).toEqual([])
  expect(await world.db.allowance.count({ where: pool })).toBeGreaterThan(3)
})

describe("usage", () => {
  const sms = (quantity: bigint) => usageOf({ consumable: "sms", quantity })

  test("of a new period has the whole allowance and the included credits again, in every process", async () => {
    await anchorAt(at("2026-01-31"))
    await credit(world.db, pool, usd(5))
    const processes = meterings.startMany(2)
    for (const day of ["2026-02-01", "2026-02-28", "2026-03-31"]) {
      setClock(at(day))
      for (const [index, metering] of processes.entries()) {
        const { receipt } = await reportUsage(metering, team.id, sms(60n))
        expect(receipt).toMatchObject({
          allowanceQuantity: index === 0 ? 60n : 40n,
          includedNanos: index === 0 ? 0n : usd(0.2),
          balanceNanos: usd(5),
        })
      }
    }
    expect(await periods()).toEqual(["2026-01-31", "2026-02-28", "2026-03-31"])
    expect((await readPool(world.db, pool)).creditsNanos).toBe(usd(5))
  })

  test("from four processes at the very end of a period begins the next once, between two spends", async () => {
    const anchor = at("2026-01-31")
    await anchorAt(anchor)
    await credit(world.db, pool, usd(50))
    const { end } = billingPeriodAt(anchor, at("2026-02-10"))
    setClock(at("2026-02-10"))
    const processes = meterings.startMany(4)
    await Promise.all(processes.map((metering) => reportUsage(metering, team.id, sms(500n))))
    // 1,900 beyond the allowance, at a cent each, nearly use up the included twenty dollars.
    expect(await readPool(world.db, pool)).toMatchObject({ includedNanos: usd(1), creditsNanos: usd(50) })
    let spends = 0
    const moment = vi.spyOn(clock, "now").mockImplementation(() => {
      spends += 1
      return new Date(end.getTime() - 5 + Math.floor(spends / 4))
    })
    await Promise.all(
      processes.flatMap((metering) =>
        Array.from({ length: 30 }, () => reportUsage(metering, team.id, sms(10n))),
      ),
    )
    moment.mockReturnValue(end)
    await Promise.all(processes.map((metering) => reportUsage(metering, team.id, sms(1n))))
    expect(await periods()).toEqual(["2026-01-31", "2026-02-28"])
    const { creditsNanos, includedNanos } = await readPool(world.db, pool)
    const spent = (await readEntries(world.db, pool)).filter(({ kind }) => kind === "consumption")
    expect(spent.filter(({ usageKey }) => usageKey !== null)).toHaveLength(128)
    expect(creditsNanos).toBeGreaterThan(usd(37))
    expect(includedNanos).toBeLessThanOrEqual(usd(20))
  })

  test("draws no promotion that has expired, and says so in an entry", async () => {
    await anchorAt(at("2026-01-31"))
    setClock(at("2026-02-01"))
    await credit(world.db, pool, usd(3), { expiresAt: at("2026-02-03") })
    await credit(world.db, pool, usd(4))
    const metering = meterings.start()
    await reportUsage(metering, team.id, sms(100n + 2_000n + 100n))
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(6) })
    setClock(new Date(at("2026-02-03").getTime()))
    const { receipt } = await reportUsage(metering, team.id, sms(100n))
    expect(receipt).toMatchObject({ promotionNanos: usd(1), balanceNanos: usd(3) })
    const expired = (await readEntries(world.db, pool)).filter(({ kind }) => kind === "expiry")
    expect(expired.map(({ amountNanos, bucket }) => [amountNanos, bucket])).toEqual([[-usd(2), "credits"]])
    expect(expired[0]?.occurredAt.getTime()).toBe(at("2026-02-03").getTime())
    setClock(new Date(at("2026-02-03").getTime() + DAY_MS))
    expect(await answerTo(metering, team.id, sms(301n))).toEqual({ refused: "insufficient_credits" })
  })
})

test("an anchor that is moved gives nothing twice: the present period goes on to its end", async () => {
  await renew(at("2026-03-01"), at("2026-03-01"))
  await renew(at("2026-03-10"), at("2026-03-10"))
  expect(await periods()).toEqual(["2026-03-01"])
  expect(await readPool(world.db, pool)).toMatchObject({ includedNanos: usd(20) })
  await renew(at("2026-04-02"), at("2026-03-10"))
  expect(await periods()).toEqual(["2026-03-01", "2026-03-10"])
  expect(await readPool(world.db, pool)).toMatchObject({ includedNanos: usd(20) })
})

test("credits that expire tell once that they left the pool low and used up", async () => {
  await renew(at("2026-03-01"), at("2026-03-01"), "free")
  await credit(world.db, pool, usd(20), { expiresAt: at("2026-03-05") })
  await renew(at("2026-03-06"), at("2026-03-01"), "free")
  await renew(at("2026-03-07"), at("2026-03-01"), "free")
  const jobs = await world.db.$queryRaw<{ crossing: string }[]>`
    SELECT split_part(key, ':', 3) AS crossing FROM graphile_worker.jobs
    WHERE key LIKE ${`tell-balance:${pool.poolId}:%`} ORDER BY 1`
  expect(jobs).toEqual([{ crossing: "depleted" }, { crossing: "low" }])
})
