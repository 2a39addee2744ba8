import { describe, expect, test } from "vitest"
import { differenceInWords, failedEventsInWords, lineInWords, summaryInWords } from "./reconciliation-words"

const found = (counted: number, repaired = 0) => ({ counted, matched: counted - repaired, repaired })

describe("the summary says", () => {
  test.each([
    [found(128), 0, "All 128 payments match."],
    [found(10_000), 0, "All 10,000 payments match."],
    [found(1), 0, "The one payment matches."],
    [found(0), 0, "Nothing to compare yet."],
    [found(128, 1), 0, "All 128 payments match. One was missing and has been added."],
    [found(128, 3), 0, "All 128 payments match. 3 were missing and have been added."],
    [found(128), 1, "One thing doesn’t match."],
    [found(0), 2, "2 things don’t match."],
  ])("%o with %d differences: %s", (figures, differences, words) => {
    expect(summaryInWords(figures, differences)).toBe(words)
  })
})

describe("a difference is said as", () => {
  const usd = (dollars: number) => BigInt(dollars) * 1_000_000_000n
  const difference = { objectId: "pi_1", stripeNanos: usd(25), currency: "usd", ledgerNanos: usd(20) }
  test.each([
    ["payment_amount_differs", {}, "$25.00 was paid, but $20.00 is credited."],
    [
      "payment_not_credited",
      { ledgerNanos: null },
      "$25.00 was paid and fits no purchase, so it isn’t credited.",
    ],
    [
      "payment_not_credited",
      { stripeNanos: null, currency: "jpy", ledgerNanos: null },
      "A payment was made in JPY. Credits are in USD, so it isn’t credited.",
    ],
    ["payment_not_captured", {}, "$20.00 is credited, but Stripe hasn’t taken the payment."],
    ["payment_unknown_at_stripe", {}, "$20.00 is credited, but Stripe doesn’t know the payment."],
    ["refund_not_recorded", {}, "A refund of $25.00 couldn’t be taken into account."],
    ["dispute_not_recorded", { stripeNanos: null }, "A dispute couldn’t be taken into account."],
    ["something_new", {}, "Stripe and your credits don’t agree."],
  ])("%s %o: %s", (kind, more, words) => {
    expect(differenceInWords({ ...difference, kind, ...more })).toBe(words)
  })
})

test("messages that failed are one or several", () => {
  expect(failedEventsInWords(1)).toMatch(/^A message /)
  expect(failedEventsInWords(2)).toMatch(/^2 messages /)
})

describe("Overview’s line says", () => {
  const state = {
    counted: 128,
    checkedAt: "2026-03-01T10:00:00.000Z",
    isLate: false,
    hasFailed: false,
    openDifferences: 0,
    failedEvents: 0,
  }
  test.each([
    [{}, "Ledger and Stripe agree", "fine"],
    [{ counted: 0 }, "Nothing to compare with Stripe yet", "fine"],
    [{ checkedAt: null }, "Ledger and Stripe haven’t been compared yet", "waiting"],
    [{ isLate: true }, "The hourly check of ledger and Stripe is late", "doubt"],
    [{ hasFailed: true, isLate: true }, "The last check of ledger and Stripe couldn’t finish", "doubt"],
    [{ hasFailed: true, checkedAt: null }, "The last check of ledger and Stripe couldn’t finish", "doubt"],
    [{ failedEvents: 1 }, "A message from Stripe couldn’t be processed yet", "doubt"],
    [{ failedEvents: 2_000 }, "2,000 messages from Stripe couldn’t be processed yet", "doubt"],
    [{ openDifferences: 1, hasFailed: true }, "Ledger and Stripe differ in one thing", "doubt"],
    [{ openDifferences: 3, counted: 0 }, "Ledger and Stripe differ in 3 things", "doubt"],
  ])("%o: %s", (more, text, look) => {
    expect(lineInWords({ ...state, ...more })).toEqual({ text, look })
  })
})
