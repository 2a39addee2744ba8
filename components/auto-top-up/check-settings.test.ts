import { describe, expect, test } from "vitest"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { checkSettings, missingInWords, type Typed, withHiddenAsSaved } from "./check-settings"

const typed: Typed = { enabled: true, threshold: "10", amount: "50", cap: "200", hasNoCap: false }

describe("checkSettings", () => {
  test.each<[string, Partial<Typed>, object]>([
    ["nothing typed", { amount: "" }, { amount: "Enter an amount from $5.00 to $100,000.00." }],
    [
      "a negative threshold",
      { threshold: "-1" },
      { threshold: "Enter an amount from $0.00 to $100,000.00." },
    ],
    ["half a cent", { cap: "200.005" }, { cap: "Use at most two decimals." }],
    [
      "a cap beyond all bounds",
      { cap: "10000000.01" },
      { cap: "Enter an amount from $0.00 to $10,000,000.00." },
    ],
    [
      "a threshold above the amount",
      { threshold: "50.01" },
      { threshold: expect.stringContaining("can’t be more") },
    ],
    [
      "an amount a cent above the cap",
      { amount: "200.01" },
      { amount: "The amount can’t be more than the monthly cap of $200.00." },
    ],
  ])("finds %s at its field", (_, more, problems) => {
    expect(checkSettings({ ...typed, ...more })).toEqual({ problems, form: null })
  })

  test.each<[string, Partial<Typed>, bigint | null]>([
    ["an amount of the whole cap", { amount: "200" }, 200n * NANOS_PER_USD],
    [
      "any amount without a cap, whatever was typed there",
      { amount: "100000", cap: "x", hasNoCap: true },
      null,
    ],
    ["a cap of nothing, which is no limit to fit", { cap: "0" }, 0n],
    ["an amount above the cap while it is off", { enabled: false, amount: "500" }, 200n * NANOS_PER_USD],
  ])("takes %s", (_, more, capNanos) => {
    expect(checkSettings({ ...typed, ...more })).toMatchObject({ problems: {}, form: { capNanos } })
  })
})

test("withHiddenAsSaved keeps wrong fields that are hidden from blocking the save", () => {
  const hidden = withHiddenAsSaved({ ...typed, enabled: false, amount: "x", cap: "100" }, null)
  expect(hidden).toMatchObject({ threshold: "10.00", amount: "50.00", cap: "100" })
  expect(withHiddenAsSaved({ ...typed, amount: "x" }, null).amount).toBe("x")
})

test.each<[Partial<Typed>, string]>([
  [{ threshold: "" }, "Enter a valid threshold to see what would have been charged in the last 30 days."],
  [{ threshold: "60" }, "Enter a valid threshold to see"],
  [{ amount: "1", cap: "x" }, "Enter a valid purchase amount and monthly cap to see"],
  [{ threshold: "", amount: "", cap: "" }, "Enter a valid threshold, purchase amount and monthly cap to see"],
])("missingInWords of %o names what the dry run waits for", (more, words) => {
  expect(missingInWords({ ...typed, ...more })).toContain(words)
})
