import { describe, expect, test } from "vitest"
import { boundary, periodAt, prorate } from "./periods"

const day = (text: string) => Date.parse(`${text}T10:30:00Z`) / 1000
const text = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16)
const month = { interval: "month", interval_count: 1 } as const

describe("periods", () => {
  test.each([
    ["2027-01-31", ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]],
    ["2028-01-30", ["2028-02-29", "2028-03-30", "2028-04-30", "2028-05-30"]],
    ["2027-11-15", ["2027-12-15", "2028-01-15", "2028-02-15", "2028-03-15"]],
  ])("from %s keep the anchor's day where the month has it", (anchor, days) => {
    const found = [1, 2, 3, 4].map((count) => text(boundary(day(anchor), month, count)))
    expect(found).toEqual(days.map((each) => `${each}T10:30`))
  })

  test("of a year keep to February's last day", () => {
    const year = { interval: "year", interval_count: 1 } as const
    expect(text(boundary(day("2028-02-29"), year, 1))).toBe("2029-02-28T10:30")
    expect(text(boundary(day("2028-02-29"), year, 4))).toBe("2032-02-29T10:30")
  })

  test("contain every moment exactly once, also before the anchor", () => {
    const anchor = day("2027-01-31")
    for (const at of [
      day("2026-05-02"),
      anchor - 1,
      anchor,
      anchor + 1,
      day("2030-02-28"),
      day("2030-03-01"),
    ]) {
      const { start, end } = periodAt(anchor, month, at)
      expect(start).toBeLessThanOrEqual(at)
      expect(end).toBeGreaterThan(at)
    }
  })

  test("are prorated by the second, never beyond the whole", () => {
    const period = { start: 1000, end: 1100 }
    expect(prorate(4000, period, 1075)).toBe(1000)
    expect(prorate(999, period, 1050)).toBe(500)
    expect(prorate(4000, period, 900)).toBe(4000)
    expect(prorate(4000, period, 1200)).toBe(0)
  })
})
