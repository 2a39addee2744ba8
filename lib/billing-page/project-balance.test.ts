import { describe, expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { DAY_MS } from "@/lib/clock"
import { nextMonth, startOfMonth } from "@/lib/top-up-settings/month"
import { type ProjectedPool, projectBalance } from "./project-balance"

const now = new Date("2026-11-20T12:00:00Z")
const at = (day: string) => new Date(`${day}T00:00:00Z`)
const pool = (more: Partial<ProjectedPool> = {}): ProjectedPool => ({
  creditsNanos: usd(42),
  includedNanos: 0n,
  heldNanos: 0n,
  dailySpendNanos: usd(4),
  periods: [],
  topUp: null,
  ...more,
})
const topUp = { thresholdNanos: usd(10), amountNanos: usd(50), capNanos: usd(200), committedNanos: 0n }
const project = (more: Partial<ProjectedPool> = {}, days = 60) => projectBalance(pool(more), { now, days })

describe("without top-ups", () => {
  test("a balance lasts as long as the pace lets it, to the hour", () => {
    const { emptyAt, days, topUps } = project()
    expect(emptyAt).toEqual(new Date("2026-12-01T00:00:00Z"))
    expect(days.slice(0, 2)).toEqual([
      { day: at("2026-11-21"), creditsNanos: usd(36), includedNanos: 0n },
      { day: at("2026-11-22"), creditsNanos: usd(32), includedNanos: 0n },
    ])
    expect(days.at(-1)).toMatchObject({ creditsNanos: 0n })
    expect(topUps).toEqual([])
  })

  test("included credits are used first, expire with their period, and come anew with the next", () => {
    const periods = [{ at: new Date("2026-11-22T12:00:00Z"), includedNanos: usd(20) }]
    const { days, emptyAt } = project({ includedNanos: usd(30), periods })
    expect(days.slice(0, 3)).toEqual([
      { day: at("2026-11-21"), creditsNanos: usd(42), includedNanos: usd(24) },
      // Twenty-two dollars expired at noon.
      { day: at("2026-11-22"), creditsNanos: usd(42), includedNanos: usd(18) },
      { day: at("2026-11-23"), creditsNanos: usd(42), includedNanos: usd(14) },
    ])
    expect(emptyAt).toEqual(new Date("2026-12-08T00:00:00Z"))
  })

  test("a renewal resumes what had run out, and the first end is told", () => {
    const periods = [{ at: at("2026-12-10"), includedNanos: usd(8) }]
    const { days, emptyAt } = project({ periods })
    expect(emptyAt).toEqual(at("2026-12-01"))
    const of = (day: string) => days.find((each) => each.day.getTime() === at(day).getTime())
    expect(of("2026-12-09")).toMatchObject({ creditsNanos: 0n, includedNanos: 0n })
    expect(of("2026-12-10")).toMatchObject({ includedNanos: usd(4) })
  })

  test("a debt stays as deep as it is, and nothing is used on it", () => {
    const { days, emptyAt } = project({ creditsNanos: usd(-12) })
    expect(emptyAt).toEqual(now)
    expect(days.every(({ creditsNanos }) => creditsNanos === usd(-12))).toBe(true)
  })

  test("a balance that lasts beyond the projected time has no end", () => {
    expect(project({ creditsNanos: usd(9_999_999.99) }).emptyAt).toBeNull()
  })
})

describe("with top-ups", () => {
  test("the next one comes when what is available falls to the threshold", () => {
    const { topUps, emptyAt } = project({ topUp })
    expect(topUps[0]).toEqual({ at: new Date("2026-11-28T12:00:00Z"), amountNanos: usd(50) })
    expect(emptyAt).toBeNull()
  })

  test("what is held brings it nearer, and what is included puts it off", () => {
    const next = (more: Partial<ProjectedPool>) => project({ topUp, ...more }).topUps[0]?.at
    expect(next({ heldNanos: usd(8) })).toEqual(new Date("2026-11-26T12:00:00Z"))
    expect(next({ includedNanos: usd(8) })).toEqual(new Date("2026-11-30T12:00:00Z"))
  })

  test("the cap of a month stops them, and the next month lets them go on", () => {
    const { topUps, capMetAt, emptyAt } = project({
      dailySpendNanos: usd(40),
      topUp: { ...topUp, capNanos: usd(60), committedNanos: usd(50) },
    })
    // The month has fifty of sixty dollars behind it, and ten don't pay for one.
    expect(capMetAt).toEqual(new Date("2026-11-21T07:12:00Z"))
    expect(emptyAt).toEqual(new Date("2026-11-21T13:12:00Z"))
    expect(topUps.map(({ at: when }) => when.toISOString().slice(0, 10))).toEqual([
      "2026-12-01",
      "2027-01-01",
    ])
  })

  test("a cap of zero tops up nothing, and no cap never stops them", () => {
    expect(project({ topUp: { ...topUp, capNanos: 0n } }).topUps).toEqual([])
    const without = project({ topUp: { ...topUp, capNanos: null }, dailySpendNanos: usd(100) })
    expect(without.capMetAt).toBeNull()
    expect(without.emptyAt).toBeNull()
  })

  test("a debt is covered at once, as far as ten a day do", () => {
    const { topUps } = project({ creditsNanos: usd(-120), topUp })
    expect(topUps.slice(0, 3).map(({ at: when }) => when)).toEqual([now, now, now])
    expect(
      project({ creditsNanos: usd(-5_000), topUp: { ...topUp, capNanos: null } }, 0).topUps,
    ).toHaveLength(10)
  })

  test("a threshold of zero and one equal to the amount both go on", () => {
    const zero = project({ topUp: { ...topUp, thresholdNanos: 0n } })
    expect(zero.emptyAt).toBeNull()
    expect(zero.topUps[0]?.at).toEqual(at("2026-12-01"))
    expect(project({ topUp: { ...topUp, thresholdNanos: usd(50), capNanos: null } }).emptyAt).toBeNull()
  })
})

/** Numbers that are the same on every run. */
function randomNumbers(seed: number): (most: number) => number {
  let state = seed
  return (most) => {
    state = (state * 48_271) % 2_147_483_647
    return Math.floor((state / 2_147_483_647) * most)
  }
}

test("whatever the pool, money only comes from top-ups and periods, and no month has more than its cap", () => {
  for (let seed = 1; seed <= 150; seed++) {
    const random = randomNumbers(seed * 7_919)
    const cents = (most: number) => BigInt(random(most)) * 10_000_000n
    const amountNanos = usd(5) + cents(20_000)
    const given: ProjectedPool = {
      creditsNanos: cents(100_000) - usd(random(3) * 100),
      includedNanos: cents(30_000),
      heldNanos: cents(2_000),
      dailySpendNanos: 1n + BigInt(random(1_000_000_000)) * BigInt(random(400) + 1),
      periods: Array.from({ length: random(4) }, (_, n) => ({
        at: new Date(now.getTime() + random(DAY_MS) + n * 30 * DAY_MS),
        includedNanos: cents(30_000),
      })),
      topUp:
        random(4) === 0
          ? null
          : {
              thresholdNanos: [0n, cents(500), amountNanos][random(3)] ?? 0n,
              amountNanos,
              capNanos: random(4) === 0 ? null : cents(100_000),
              committedNanos: cents(10_000),
            },
    }
    const { days, topUps, emptyAt } = projectBalance(given, { now, days: 70 })
    const added = topUps.reduce((sum, each) => sum + each.amountNanos, 0n)
    const renewed = given.periods.reduce((sum, { includedNanos }) => sum + includedNanos, 0n)
    const last = days.at(-1)
    if (!last) throw new Error("There are days")
    const had = given.creditsNanos + given.includedNanos + added + renewed
    expect(last.creditsNanos + last.includedNanos, `seed ${seed}`).toBeLessThanOrEqual(had)
    // At most the pace is spent; what else is gone has expired.
    const atMost = (given.dailySpendNanos * BigInt(71 * DAY_MS)) / BigInt(DAY_MS)
    expect(last.creditsNanos, `seed ${seed}`).toBeGreaterThanOrEqual(given.creditsNanos + added - atMost)
    for (const { includedNanos, creditsNanos } of days) {
      expect(includedNanos >= 0n, `seed ${seed}`).toBe(true)
      expect(creditsNanos >= 0n || creditsNanos >= given.creditsNanos, `seed ${seed}`).toBe(true)
    }
    if (emptyAt) expect(emptyAt >= now, `seed ${seed}`).toBe(true)
    const capNanos = given.topUp?.capNanos ?? null
    for (let month = startOfMonth(now), isFirst = true; month < (last.day ?? now); month = nextMonth(month)) {
      const charged = topUps
        .filter(({ at: when }) => startOfMonth(when).getTime() === month.getTime())
        .reduce((sum, each) => sum + each.amountNanos, 0n)
      const committed = isFirst ? (given.topUp?.committedNanos ?? 0n) : 0n
      if (capNanos !== null && charged > 0n)
        expect(committed + charged <= capNanos, `seed ${seed}`).toBe(true)
      isFirst = false
    }
  }
})
