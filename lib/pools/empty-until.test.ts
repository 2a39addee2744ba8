import { expect, test } from "vitest"
import { emptyUntil } from "./empty-until"

const now = new Date("2026-11-21T12:00:00Z")
const periodEndsAt = new Date("2026-12-01T00:00:00Z")
const used = { balanceNanos: 0n, includedNanos: 0n, lifetimeSpentNanos: 1n, periodEndsAt }

test("a pool with less than a cent is empty until its plan renews", () => {
  expect(emptyUntil(used, now)).toEqual(periodEndsAt)
  expect(emptyUntil({ ...used, balanceNanos: 5_000_000n, includedNanos: 4_999_999n }, now)).toEqual(
    periodEndsAt,
  )
})

test.each([
  ["a cent is left of credits", { balanceNanos: 10_000_000n }],
  ["a cent is left of what the plan includes", { includedNanos: 10_000_000n }],
  ["it is in debt", { balanceNanos: -1n }],
  ["it never spent credits", { lifetimeSpentNanos: 0n }],
  ["its first use is still to come", { periodEndsAt: null }],
  ["its period has just ended", { periodEndsAt: now }],
])("it is not where %s", (_, change) => {
  expect(emptyUntil({ ...used, ...change }, now)).toBeNull()
})
