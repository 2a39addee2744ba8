import { expect, test } from "vitest"
import { changesInWords, ruleInWords } from "./approval-words"

const usd = (dollars: number) => BigInt(dollars) * 1_000_000_000n
const settings = { enabled: true, thresholdNanos: usd(10), amountNanos: usd(50) }

test("a change says each thing that it changes, and nothing else", () => {
  const now = { settings, capNanos: usd(200) }
  expect(changesInWords(now, { ...settings, capNanos: usd(200) })).toEqual([])
  expect(
    changesInWords(now, { enabled: false, thresholdNanos: usd(20), amountNanos: usd(400), capNanos: null }),
  ).toEqual([
    "Monthly cap: $200.00 → none",
    "Amount of a top-up: $50.00 → $400.00",
    "Threshold: $10.00 → $20.00",
    "Auto top-up: on → off",
  ])
})

test("settings that were never saved have no value before", () => {
  expect(changesInWords({ settings: null, capNanos: null }, { ...settings, capNanos: null })).toEqual([
    "Amount of a top-up: $50.00",
    "Threshold: $10.00",
    "Auto top-up: off → on",
  ])
})

test("a looser rule says so", () => {
  expect(ruleInWords(null)).toBe("Approval: no longer required")
  expect(ruleInWords(usd(900))).toBe("Approval: required only above $900.00")
})
