import fc from "fast-check"
import { afterEach, describe, expect, test, vi } from "vitest"
import { DAY_MS } from "@/lib/clock"
import { billingPeriodAt } from "./period"

const at = (text: string) => new Date(text.length === 10 ? `${text}T00:00:00.000Z` : text)
const daysInMonth = (date: Date) =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()

const anyInstant = fc.date({ min: at("2000-01-01"), max: at("2100-12-31"), noInvalidDate: true })

/** Includes the days that some months lack, which a random instant rarely hits. */
const anyAnchor = fc.oneof(
  anyInstant,
  fc.constantFrom("2026-01-31", "2025-12-31", "2024-02-29", "2026-01-30", "2026-08-29T23:59:59.999Z").map(at),
)

afterEach(() => vi.unstubAllEnvs())

describe("starts each month on the anchor's day, or on the last one there is", () => {
  test.each([
    [
      "31 January",
      "2026-01-31",
      ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31"],
    ],
    ["31 January before a leap year's February", "2028-01-31", ["2028-01-31", "2028-02-29", "2028-03-31"]],
    ["30 January", "2026-01-30", ["2026-01-30", "2026-02-28", "2026-03-30", "2026-04-30", "2026-05-30"]],
    ["29 January", "2026-01-29", ["2026-01-29", "2026-02-28", "2026-03-29"]],
    ["29 January of a leap year", "2028-01-29", ["2028-01-29", "2028-02-29", "2028-03-29"]],
    ["29 February", "2024-02-29", ["2024-02-29", "2024-03-29", "2024-04-29"]],
    ["31 December", "2025-12-31", ["2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31"]],
    ["30 April", "2026-04-30", ["2026-04-30", "2026-05-30", "2026-06-30"]],
    ["the first", "2026-11-01", ["2026-11-01", "2026-12-01", "2027-01-01"]],
    [
      "31 January with a time of day",
      "2026-01-31T17:45:30.123Z",
      ["2026-01-31T17:45:30.123Z", "2026-02-28T17:45:30.123Z", "2026-03-31T17:45:30.123Z"],
    ],
  ])("for an anchor on %s", (_, anchor, starts) => {
    for (const [index, start] of starts.slice(0, -1).entries()) {
      const period = { start: at(start), end: at(starts[index + 1] ?? "") }
      expect(billingPeriodAt(at(anchor), period.start)).toEqual(period)
      expect(billingPeriodAt(at(anchor), new Date(period.end.getTime() - 1))).toEqual(period)
    }
  })

  test.each([
    ["2025-03-01", "2025-02-28", "2025-03-29"],
    ["2027-02-28", "2027-02-28", "2027-03-29"],
    ["2028-02-28", "2028-01-29", "2028-02-29"],
    ["2028-02-29", "2028-02-29", "2028-03-29"],
    ["2100-02-28", "2100-02-28", "2100-03-29"],
  ])("years after an anchor on 29 February: on %s", (now, start, end) => {
    expect(billingPeriodAt(at("2024-02-29"), at(now))).toEqual({ start: at(start), end: at(end) })
  })
})

describe("at a boundary", () => {
  const anchor = at("2026-01-31T10:00:00.000Z")

  test.each([
    ["2026-02-28T09:59:59.999Z", "2026-01-31T10:00:00.000Z", "2026-02-28T10:00:00.000Z"],
    ["2026-02-28T10:00:00.000Z", "2026-02-28T10:00:00.000Z", "2026-03-31T10:00:00.000Z"],
    ["2026-03-01T00:00:00.000Z", "2026-02-28T10:00:00.000Z", "2026-03-31T10:00:00.000Z"],
    ["2026-12-31T09:59:59.999Z", "2026-11-30T10:00:00.000Z", "2026-12-31T10:00:00.000Z"],
    ["2026-12-31T10:00:00.000Z", "2026-12-31T10:00:00.000Z", "2027-01-31T10:00:00.000Z"],
  ])("%s is in the period from %s to %s", (now, start, end) => {
    expect(billingPeriodAt(anchor, at(now))).toEqual({ start: at(start), end: at(end) })
  })

  test.each(["2026-01-31T09:59:59.999Z", "2026-01-01T00:00:00.000Z", "2019-06-15T12:00:00.000Z"])(
    "%s, before the anchor, gives the first period",
    (now) => {
      expect(billingPeriodAt(anchor, at(now))).toEqual({ start: anchor, end: at("2026-02-28T10:00:00.000Z") })
    },
  )
})

test.each(["America/New_York", "Europe/Berlin", "Pacific/Apia", "Asia/Kolkata"])(
  "is the same for a process in %s, whose clock changes",
  (zone) => {
    vi.stubEnv("TZ", zone)
    expect(at("2026-03-30").getTimezoneOffset()).not.toBe(0)
    expect(billingPeriodAt(at("2026-01-31T01:30:00.000Z"), at("2026-03-30"))).toEqual({
      start: at("2026-02-28T01:30:00.000Z"),
      end: at("2026-03-31T01:30:00.000Z"),
    })
    expect(billingPeriodAt(at("2026-02-08T06:30:00.000Z"), at("2026-03-08T06:30:00.000Z"))).toEqual({
      start: at("2026-03-08T06:30:00.000Z"),
      end: at("2026-04-08T06:30:00.000Z"),
    })
  },
)

test("changes neither of the instants that it is given", () => {
  const anchor = at("2026-01-31")
  const now = at("2026-05-05")
  billingPeriodAt(anchor, now)
  expect([anchor, now]).toEqual([at("2026-01-31"), at("2026-05-05")])
})

test("throws at what is no instant", () => {
  const nothing = new Date(Number.NaN)
  expect(() => billingPeriodAt(nothing, at("2026-01-01"))).toThrow(RangeError)
  expect(() => billingPeriodAt(at("2026-01-01"), nothing)).toThrow(RangeError)
})

describe("whatever the anchor", () => {
  test("the period contains now, or is the first one", () => {
    fc.assert(
      fc.property(anyAnchor, anyInstant, (anchor, now) => {
        const { start, end } = billingPeriodAt(anchor, now)
        expect(end.getTime()).toBeGreaterThan(now.getTime())
        if (now < anchor) expect(start).toEqual(anchor)
        else expect(start.getTime()).toBeLessThanOrEqual(now.getTime())
      }),
    )
  })

  test("the next period starts where this one ends, and the last instant before that is still this one's", () => {
    fc.assert(
      fc.property(anyAnchor, anyInstant, (anchor, now) => {
        const period = billingPeriodAt(anchor, now)
        expect(billingPeriodAt(anchor, period.end).start).toEqual(period.end)
        expect(billingPeriodAt(anchor, new Date(period.end.getTime() - 1))).toEqual(period)
        expect(billingPeriodAt(anchor, period.start)).toEqual(period)
      }),
    )
  })

  test("it starts and ends on the anchor's day or the month's last, at the anchor's time of day, a month apart", () => {
    fc.assert(
      fc.property(anyAnchor, anyInstant, (anchor, now) => {
        const { start, end } = billingPeriodAt(anchor, now)
        for (const edge of [start, end]) {
          expect(edge.getUTCDate()).toBe(Math.min(anchor.getUTCDate(), daysInMonth(edge)))
          expect(edge.getTime() % DAY_MS).toBe(anchor.getTime() % DAY_MS)
        }
        expect((start.getUTCMonth() + 1) % 12).toBe(end.getUTCMonth())
      }),
    )
  })
})
