import { expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { moneyAxis } from "./money-axis"

const labels = (...amounts: bigint[]) => moneyAxis(amounts, 200).ticks.map(({ label }) => label)

test.each([
  ["nothing", [0n], ["$0"]],
  ["dollars", [usd(17.5)], ["$0", "$5", "$10", "$15", "$20"]],
  ["cents", [usd(0.17)], ["$0.00", "$0.05", "$0.10", "$0.15", "$0.20"]],
  ["less than a cent", [400_000n], ["$0.00", "$0.0001", "$0.0002", "$0.0003", "$0.0004"]],
  ["one nano", [1n], ["$0.00", "$0.000000001"]],
  ["a debt beside a balance", [usd(-12), usd(30)], ["−$20", "$0", "$20", "$40"]],
  ["a debt alone", [usd(-12)], ["−$15", "−$10", "−$5", "$0"]],
  ["thousands", [usd(4_200)], ["$0", "$2,000", "$4,000", "$6,000"]],
  ["from ten thousand on", [usd(42_000)], ["$0", "$20K", "$40K", "$60K"]],
  ["the largest balance", [usd(9_999_999.99)], ["$0", "$5M", "$10M"]],
  ["parts of a million", [usd(1_999_999)], ["$0", "$0.5M", "$1.0M", "$1.5M", "$2.0M"]],
])("the axis of %s has few round figures, zero among them", (_, amounts, expected) => {
  expect(labels(...amounts)).toEqual(expected)
})

test("the axis holds every amount, and zero is where no amount is", () => {
  const { toY, ticks } = moneyAxis([usd(-3), usd(7)], 200)
  expect(toY(ticks[0]?.nanos ?? 0n)).toBe(200)
  expect(toY(ticks.at(-1)?.nanos ?? 0n)).toBe(0)
  expect(toY(usd(-3))).toBeGreaterThan(toY(0n))
  expect(moneyAxis([9_223_372_036_854_775_807n], 200).toY(0n)).toBe(200)
})
