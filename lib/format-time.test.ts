import { describe, expect, test } from "vitest"
import {
  formatAbsoluteTime,
  formatAgo,
  formatDeadline,
  formatRelativeTime,
  formatShortUtcDate,
  formatShortUtcDay,
  formatUtcDate,
  formatUtcDay,
  formatUtcTime,
  parseReadersNow,
  toReadersNow,
} from "./format-time"

const UTC = "2026-11-21T15:00:00.000Z[UTC]"
const relative = (iso: string, now = UTC) => formatRelativeTime(new Date(iso), now)

describe("formatRelativeTime", () => {
  test("names today and yesterday by the calendar, not by 24 hours", () => {
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

  test("gives the date for what lies after tomorrow", () => {
    expect(relative("2026-12-01T00:00:00Z")).toBe("1 Dec")
  })

  test("counts days and hours where the reader is", () => {
    const auckland = "2026-11-21T15:00:00.000Z[Pacific/Auckland]"
    expect(relative("2026-11-21T14:02:00Z", auckland)).toBe("today, 03:02")
    expect(relative("2026-11-21T10:59:00Z", auckland)).toBe("yesterday, 23:59")
    const newYork = "2026-11-21T03:00:00.000Z[America/New_York]"
    expect(relative("2026-11-21T05:00:00Z", newYork)).toBe("tomorrow, 00:00")
    expect(relative("2026-01-01T03:00:00Z", newYork)).toBe("31 Dec 2025")
  })

  test("keeps to the calendar on the days on which clocks are changed", () => {
    const berlin = "2026-10-25T22:30:00.000Z[Europe/Berlin]"
    expect(relative("2026-10-24T22:00:00Z", berlin)).toBe("today, 00:00")
    expect(relative("2026-10-25T00:30:00Z", berlin)).toBe("today, 02:30")
    expect(relative("2026-10-24T21:59:00Z", berlin)).toBe("yesterday, 23:59")
  })

  test("names UTC where nobody knows the reader's zone", () => {
    expect(relative("2026-11-21T14:02:00Z", "2026-11-21T15:00:00.000Z")).toBe("today, 14:02 UTC")
    expect(relative("2026-11-14T14:02:00Z", "2026-11-21T15:00:00.000Z")).toBe("14 Nov")
  })
})

test.each([
  ["[Europe/Berlin]", "tomorrow, 02:51 CET"],
  ["[America/New_York]", "today, 20:51 EST"],
  ["[Asia/Kolkata]", "tomorrow, 07:21 GMT+5:30"],
  ["[UTC]", "tomorrow, 01:51 UTC"],
  ["", "tomorrow, 01:51 UTC"],
])("a deadline read in %s is %s", (zone, text) => {
  expect(formatDeadline(new Date("2026-11-22T01:51:00Z"), `2026-11-21T15:00:00.000Z${zone}`)).toBe(text)
})

test("a deadline more than a day off has its hour too", () => {
  expect(formatDeadline(new Date("2026-11-30T01:51:00Z"), "2026-11-21T15:00:00.000Z[Europe/Berlin]")).toBe(
    "30 Nov, 02:51 CET",
  )
})

test.each([
  ["[Europe/London]", "3 July 2026, 10:05 GMT+1"],
  ["[Europe/Berlin]", "3 July 2026, 11:05 CEST"],
  ["[UTC]", "3 July 2026, 09:05 UTC"],
  ["", "3 July 2026, 09:05 UTC"],
])("formatAbsoluteTime in %s says the day, the minute and the zone: %s", (zone, text) => {
  const said = formatAbsoluteTime(new Date("2026-07-03T09:05:59Z"), `2026-11-21T15:00:00.000Z${zone}`)
  expect(said.replace("BST", "GMT+1")).toBe(text)
})

describe("a day of the UTC calendar", () => {
  const now = new Date("2026-11-21T15:00:00Z")
  const [newYear, lastMinute] = [new Date("2027-01-01T00:00:00Z"), new Date("2026-12-31T23:59:59Z")]

  test("names its year if that isn’t the present one, and ends with its last second", () => {
    expect([newYear, lastMinute].map((at) => formatUtcDate(at, now))).toEqual([
      "1 January 2027",
      "31 December",
    ])
    expect([newYear, lastMinute].map((at) => formatShortUtcDate(at, now))).toEqual(["1 Jan 2027", "31 Dec"])
  })

  test("is one of its year where that is known, with the time if it matters", () => {
    expect([formatUtcDay(newYear), formatShortUtcDay(lastMinute)]).toEqual(["1 January", "31 Dec"])
    expect([formatUtcTime(newYear), formatUtcTime(lastMinute)]).toEqual([
      "00:00 UTC on 1 January",
      "23:59 UTC on 31 December",
    ])
    expect(formatShortUtcDay(new Date("2026-09-30T23:59:59Z"))).toBe("30 Sep")
  })
})

describe("in the reader’s language of dates", () => {
  const german = "2026-11-21T15:00:00.000Z[Europe/Berlin][_dates=de]"
  const american = "2026-11-21T15:00:00.000Z[America/New_York][_dates=en-US]"

  test.each([
    ["2026-11-21T14:02:00Z", german, "heute, 15:02"],
    ["2026-11-22T14:02:00Z", german, "morgen, 15:02"],
    ["2026-11-17T14:02:00Z", german, "Di, 15:02"],
    ["2026-11-03T14:02:00Z", german, "3. Nov."],
    ["2025-11-03T14:02:00Z", german, "3. Nov. 2025"],
    ["2026-11-21T14:02:00Z", american, "today, 9:02 AM"],
    ["2026-11-03T14:02:00Z", american, "Nov 3"],
  ])("%s is said %s", (iso, now, said) => {
    expect(formatRelativeTime(new Date(iso), now).replace(/\u202f/g, " ")).toBe(said)
  })

  test("the whole moment names month and zone in it", () => {
    expect(formatAbsoluteTime(new Date("2026-11-03T14:02:00Z"), german)).toBe("3. November 2026 um 15:02 MEZ")
  })

  test("a language that nobody knows is ours", () => {
    const now = "2026-11-21T15:00:00.000Z[Europe/Berlin][_dates=xx]"
    expect(formatRelativeTime(new Date("2026-11-21T14:02:00Z"), now)).toBe("today, 15:02")
  })

  test("the time for readers can be read again", () => {
    const at = new Date("2026-11-21T15:00:00.000Z")
    for (const zone of [null, "Europe/Berlin"])
      for (const language of ["en", "de"] as const)
        expect(parseReadersNow(toReadersNow(at, { zone, language }))).toEqual({
          at,
          zone: zone ?? "UTC",
          isKnown: zone !== null,
          language,
        })
  })
})

test.each([
  [-5, "just now"],
  [59, "just now"],
  [60, "1 minute ago"],
  [12 * 60 + 59, "12 minutes ago"],
  [3_600, "1 hour ago"],
  [86_399, "23 hours ago"],
  [86_400, "1 day ago"],
  [86_400 * 1_000, "1,000 days ago"],
])("%d seconds before are said as %s", (seconds, words) => {
  const now = new Date("2026-03-01T10:00:00Z")
  expect(formatAgo(new Date(now.getTime() - seconds * 1_000), now.toISOString())).toBe(words)
})
