import { expect, test } from "vitest"
import { decideExpiry } from "./expiry"

test.each([
  ["2026-11-25T00:00:00.000Z", 12, 2034, "valid"],
  // December begins in 30 days less a moment, then in exactly 30.
  ["2026-10-31T23:59:59.999Z", 11, 2026, "valid"],
  ["2026-11-01T00:00:00.000Z", 11, 2026, "soon"],
  ["2026-11-30T23:59:59.999Z", 11, 2026, "soon"],
  ["2026-12-01T00:00:00.000Z", 11, 2026, "expired"],
  // A month of 31 days is still valid on its first.
  ["2026-12-01T12:00:00.000Z", 12, 2026, "valid"],
  ["2026-12-02T00:00:00.000Z", 12, 2026, "soon"],
  ["2026-12-31T23:59:59.999Z", 12, 2026, "soon"],
  ["2027-01-01T00:00:00.000Z", 12, 2026, "expired"],
  ["2028-02-01T00:00:00.000Z", 2, 2028, "soon"],
  ["2028-01-30T23:59:59.999Z", 2, 2028, "valid"],
  ["2028-02-29T23:59:59.999Z", 2, 2028, "soon"],
  ["2026-11-25T00:00:00.000Z", 1, 1999, "expired"],
] as const)("at %s a card until %i/%i is %s", (now, expMonth, expYear, expected) => {
  expect(decideExpiry({ expMonth, expYear }, new Date(now))).toBe(expected)
})
