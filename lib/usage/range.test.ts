import { describe, expect, test } from "vitest"
import type { InvalidInputError } from "@/lib/errors"
import { countDays, MAX_DAYS, rangeBefore, readDayRange } from "./range"

const now = new Date("2026-11-30T23:59:59.999Z")

describe("a range of days", () => {
  test.each([
    [{}, { from: "2026-11-01", to: "2026-11-30" }],
    [{ from: "2026-11-30" }, { from: "2026-11-30", to: "2026-11-30" }],
    [{ to: "2026-03-01" }, { from: "2026-01-31", to: "2026-03-01" }],
    [
      { from: "2028-02-29", to: "2028-02-29" },
      { from: "2028-02-29", to: "2028-02-29" },
    ],
    [{ from: "2030-01-01" }, { from: "2030-01-01", to: "2030-01-01" }],
  ])("%o is %o", (given, expected) => expect(readDayRange(given, now)).toEqual(expected))

  test.each([
    [{ from: "2026-11-30", to: "2026-11-29" }, "from"],
    [{ from: "0000-01-01", to: "0000-01-02" }, "to"],
    [{ from: "0000-12-31" }, "from"],
    [{ from: "1999-12-31", to: "2000-01-02" }, "from"],
    [{ to: "10000-01-01" }, "to"],
    [{ from: "2026-02-30" }, "from"],
    [{ to: "2026-02-29" }, "to"],
    [{ from: "2026-11-30T00:00:00Z" }, "from"],
    [{ from: "" }, "from"],
    [{ from: "٢٠٢٦-١١-٣٠" }, "from"],
    [{ from: "2000-01-01", to: "9999-12-31" }, "from"],
  ])("%o is refused", (given, field) =>
    expect(() => readDayRange(given, now)).toThrow(expect.objectContaining({ field }) as InvalidInputError),
  )

  test("has at most 400 days, and as many come before it, whatever the clocks do in March", () => {
    const longest = readDayRange({ from: "2025-10-27", to: "2026-11-30" }, now)
    expect(countDays(longest)).toBe(MAX_DAYS)
    expect(() => readDayRange({ from: "2025-10-26", to: "2026-11-30" }, now)).toThrow("at most 400 days")
    expect(rangeBefore({ from: "2026-03-29", to: "2026-03-29" })).toEqual({
      from: "2026-03-28",
      to: "2026-03-28",
    })
    expect(rangeBefore({ from: "2026-03-01", to: "2026-03-31" })).toEqual({
      from: "2026-01-29",
      to: "2026-02-28",
    })
    expect(countDays(rangeBefore(longest))).toBe(MAX_DAYS)
  })
})
