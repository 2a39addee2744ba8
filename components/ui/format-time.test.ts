import { describe, expect, test } from "vitest"
import { formatAbsoluteTime, formatRelativeTime } from "./format-time"

const now = new Date("2026-11-21T15:00:00Z")
const relative = (iso: string) => formatRelativeTime(new Date(iso), now)

describe("formatRelativeTime", () => {
  test("names today and yesterday by the UTC calendar, not by 24 hours", () => {
    expect(relative("2026-11-21T14:02:00Z")).toBe("today, 14:02")
    expect(relative("2026-11-21T00:00:00Z")).toBe("today, 00:00")
    expect(relative("2026-11-20T23:59:59Z")).toBe("yesterday, 23:59")
    expect(relative("2026-11-22T00:00:00Z")).toBe("tomorrow, 00:00")
  })

  test("names the weekday for the rest of a week", () => {
    expect(relative("2026-11-19T18:00:00Z")).toBe("Thu, 18:00")
    expect(relative("2026-11-15T09:05:00Z")).toBe("Sun, 09:05")
  })

  test("gives the date from the seventh day on, where a weekday would be ambiguous", () => {
    expect(relative("2026-11-14T18:00:00Z")).toBe("14 Nov")
    expect(relative("2026-09-01T18:00:00Z")).toBe("1 Sep")
  })

  test("adds the year when it is another one", () => {
    expect(relative("2025-12-31T23:00:00Z")).toBe("31 Dec 2025")
  })

  test("gives the date for what lies after today", () => {
    expect(relative("2026-12-01T00:00:00Z")).toBe("1 Dec")
  })
})

test("formatAbsoluteTime says the day, the minute and the zone", () => {
  expect(formatAbsoluteTime(new Date("2026-11-03T09:05:59Z"))).toBe("3 November 2026, 09:05 UTC")
})
