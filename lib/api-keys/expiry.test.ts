import { expect, test } from "vitest"
import { requireExpiry } from "./expiry"
import { createApiKeySchema, expiryProblem } from "./schema"

const NOW = new Date("2026-11-30T23:59:59.999Z")

test.each([
  ["2026-12-01", null],
  ["2031-11-30", null],
  ["2028-02-29", null],
  ["2031-12-01", "Choose a day within five years."],
  ["2026-11-30", "Choose tomorrow or a later day (UTC)."],
  ["0000-01-01", "Choose tomorrow or a later day (UTC)."],
  ["9999-12-31", "Choose a day within five years."],
  ...[
    "",
    "2027-02-29",
    "2027-13-01",
    "2027-1-1",
    "20270101",
    "+012027-01-01",
    "2027-01-01T00:00:00Z",
    "tomorrow",
    "2027-01-01\n",
  ].map((text): [string, string] => [text, "Choose a day."]),
])("%j is a day on which a key may expire, or it isn’t", (day, problem) => {
  expect(expiryProblem(day, NOW)).toBe(problem)
})

test("five years from a leap day end on the first of March", () => {
  const leapDay = new Date("2028-02-29T12:00:00Z")
  expect([expiryProblem("2033-03-01", leapDay), expiryProblem("2033-03-02", leapDay)]).toEqual([
    null,
    "Choose a day within five years.",
  ])
})

test("a key expires at the end of its day, after its days, or never", () => {
  expect(requireExpiry(NOW, { expiresOn: "2026-12-01" })).toEqual(new Date("2026-12-01T23:59:59.999Z"))
  expect(requireExpiry(NOW, { expiresInDays: 7 })).toEqual(new Date("2026-12-07T23:59:59.999Z"))
  expect(requireExpiry(NOW, {})).toBeNull()
  expect(() => requireExpiry(NOW, { expiresOn: "2026-11-30" })).toThrow("Choose tomorrow")
})

test("a form asks for days or for a day, and not for both", () => {
  const ask = (more: object) =>
    createApiKeySchema.safeParse({ name: "CI", scopes: ["usage:write"], ...more }).success
  expect([{}, { expiresInDays: 7 }, { expiresOn: "2026-12-01" }].map(ask)).toEqual([true, true, true])
  expect(
    [
      { expiresInDays: 7, expiresOn: "2026-12-01" },
      { expiresOn: "2026-02-30" },
      { expiresOn: "" },
      { expiresOn: 20261201 },
      { expiresOn: null },
      { expiresInDays: 8 },
    ].map(ask),
  ).toEqual([false, false, false, false, false, false])
})
