import { expect, test } from "vitest"
import { debtInWords, emptyInWords } from "./balance-words"

test("emptyInWords names the day in UTC, wherever it is read", () => {
  expect(emptyInWords("2026-12-01T00:00:00.000Z", true)).toContain("wait until 1 December.")
  expect(emptyInWords("2026-12-01T00:00:00.000Z", false)).toContain("or on 1 December.")
})

test("debtInWords names what the debt came from", () => {
  expect(debtInWords()).toMatch(/^A refund was larger/)
  expect(debtInWords("dispute")).toMatch(/^A disputed payment was larger/)
})
