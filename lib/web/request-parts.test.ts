import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { MAX_NANOS } from "@/lib/money/usd"
import { parseCursor } from "./cursor"

describe("a cursor", () => {
  test.each([
    [{}, {}],
    [{ before: "1" }, { before: 1n }],
    [{ after: "0" }, { after: 0n }],
    [{ before: String(MAX_NANOS) }, { before: MAX_NANOS }],
  ])("of %o is %o", (query, cursor) => {
    expect(parseCursor(query)).toEqual(cursor)
  })

  test.each([
    { before: "1", after: "2" },
    { before: "" },
    { before: "-1" },
    { before: "1.5" },
    { before: "1e9" },
    { before: "NaN" },
    { before: " 1" },
    { before: "0x1" },
    { before: "１" },
    { before: String(MAX_NANOS + 1n) },
    { before: "9".repeat(1_000) },
    { after: ["1", "2"] },
    { after: "1; DROP TABLE entries" },
  ])("of %o is none", (query) => {
    expect(parseCursor(query)).toBeNull()
  })

  test("is a number that the database counts to, or none", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.bigInt().map(String)), (before) => {
        const cursor = parseCursor({ before })
        if (cursor?.before !== undefined) expect(cursor.before >= 0n && cursor.before <= MAX_NANOS).toBe(true)
      }),
    )
  })
})
