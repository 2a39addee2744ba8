import { describe, expect, test } from "vitest"
import { NANOS_PER_USD } from "@/lib/money/usd"
import {
  capAlertInWords,
  changeInWords,
  decisionInWords,
  dryRunInWords,
  hindranceInWords,
  monthInWords,
} from "./auto-top-up-words"

const usd = (dollars: number) => BigInt(dollars) * NANOS_PER_USD
const NOW = "2026-11-19T12:00:00.000Z"
const around = { capNanos: usd(200), methodName: "Visa •••• 4242", resumeNanos: null, now: NOW }

test("monthInWords counts what is charged and under way against the cap", () => {
  expect(monthInWords(usd(150), usd(200))).toBe("$150.00 of $200.00 this month")
  expect(monthInWords(usd(150), null)).toBe("$150.00 this month, no cap")
})

test.each([
  [159, null],
  [160, "80% of the monthly cap of $200.00 is used."],
  [199, "99% of the monthly cap of $200.00 is used."],
  [200, expect.stringContaining("is used up")],
  [210, expect.stringContaining("is used up")],
])("capAlertInWords at $%i of $200 says %s", (dollars, words) => {
  expect(capAlertInWords(usd(dollars), usd(200))).toEqual(words)
})

describe("hindranceInWords", () => {
  const failure = { reason: "Your bank declined the charge: insufficient funds.", failures: 1 }
  test("says when a failed charge is tried again, and when it stops", () => {
    const hindrance = {
      reason: "cooling_down" as const,
      until: "2026-11-19T14:05:00.000Z",
      failure,
      amountNanos: null,
    }
    expect(hindranceInWords(hindrance, around)?.text).toBe(
      "Your bank declined the charge: insufficient funds. We’ll try again today, 14:05 UTC, then stop after 2 more failures.",
    )
    const second = { ...hindrance, failure: { ...failure, failures: 2 } }
    expect(hindranceInWords(second, around)?.text).toContain("then stop after one more failure.")
  })

  test.each([
    ["no_payment_method", "There is no payment method"],
    ["card_expired", "Visa •••• 4242 has expired"],
    ["suspended_card", "until you add another card or resume it"],
    ["cap_reached", "monthly cap of $200.00"],
    ["authentication_required", "A top-up of $50.00 waits for it until tomorrow, 12:00"],
    ["velocity_limit", "3 times an hour and 10 times a day"],
    ["attempt_open", "A top-up of $50.00 is being charged"],
  ] as const)("of %s says what it means", (reason, words) => {
    const until =
      reason === "authentication_required" || reason === "cap_reached" ? "2026-11-20T12:00:00.000Z" : null
    expect(hindranceInWords({ reason, until, failure, amountNanos: usd(50) }, around)?.text).toContain(words)
  })

  test("of a suspended card counts failures only if there were several: a stolen card is suspended at once", () => {
    const of = (failures: number) =>
      hindranceInWords(
        { reason: "suspended_card", until: null, failure: { ...failure, failures }, amountNanos: null },
        around,
      )?.text
    expect(of(1)).not.toContain("in a row")
    expect(of(3)).toContain("It failed 3 times in a row.")
  })

  test.each([
    [0n, "The monthly cap is $0.00, so nothing is topped up until you raise it."],
    [usd(200), "One top-up is more than the monthly cap of $200.00. Raise the cap, or lower the amount."],
  ])("promises no next month for a cap of %s that no month lets a top-up through", (capNanos, text) => {
    const hindrance = { reason: "cap_reached", until: null, failure: null, amountNanos: null } as const
    expect(hindranceInWords(hindrance, { ...around, capNanos })?.text).toBe(text)
  })

  test.each(["paused", "suspended_card"] as const)(
    "of %s names what resuming charges, if it does",
    (reason) => {
      const of = (resumeNanos: bigint | null) =>
        hindranceInWords(
          { reason, until: null, failure: null, amountNanos: null },
          { ...around, resumeNanos },
        )?.text
      expect(of(usd(50))).toMatch(/ Resuming charges Visa •••• 4242 \$50\.00 now\.$/)
      expect(of(null)).not.toContain("charges Visa")
    },
  )

  test.each(["off", "not_low"] as const)("has no words for %s", (reason) => {
    expect(hindranceInWords({ reason, until: null, failure: null, amountNanos: null }, around)).toBeNull()
  })
})

describe("dryRunInWords", () => {
  const day = (spent: number) => ({ day: new Date(NOW), spentNanos: usd(spent), topUps: 0 })
  const run = { days: [day(5)], topUps: 0, chargedNanos: 0n, capReachedOn: null }
  test.each([
    [{ ...run, days: [day(0)] }, "There was no usage in the last 30 days to try it on."],
    [run, "With your usage of the last 30 days it would not have charged anything."],
    [
      { ...run, topUps: 1, chargedNanos: usd(50) },
      "With your usage of the last 30 days it would have charged once, $50.00.",
    ],
    [
      { ...run, topUps: 4, chargedNanos: usd(200), capReachedOn: new Date(NOW) },
      "With your usage of the last 30 days it would have charged 4 times, $200.00; the cap would have been reached on 19 November.",
    ],
  ])("%#", (given, words) => {
    expect(dryRunInWords(given)).toBe(words)
  })
})

test("decisionInWords tells a charge by what became of it", () => {
  const outcome = (status: string, needsAuthentication = false) => ({
    status,
    failureReason: "Declined.",
    needsAuthentication,
  })
  expect(decisionInWords("charge", usd(50), outcome("succeeded")).title).toBe("Topped up with $50.00")
  expect(decisionInWords("charge", usd(50), outcome("failed"))).toEqual({
    title: "A top-up of $50.00 failed",
    detail: "Declined.",
  })
  expect(decisionInWords("charge", usd(50), outcome("open", true)).detail).toBe(
    "The bank wants a confirmation.",
  )
  expect(decisionInWords("charge", usd(50), outcome("processing")).title).toBe(
    "A top-up of $50.00 is under way",
  )
  expect(decisionInWords("cap_reached", usd(50), null).title).toBe(
    "Not topped up: the monthly cap was reached",
  )
})

test("changeInWords names what is another than before", () => {
  const before = { enabled: true, threshold: "10.00", amount: "50.00" }
  expect(changeInWords(null, before, false)).toBe("Turned on · at or below $10.00 · adds $50.00")
  expect(changeInWords(before, { ...before, enabled: false, amount: "75.00" }, false)).toBe(
    "Turned off · adds $50.00 → $75.00",
  )
  expect(changeInWords(before, { ...before, resumed: true }, false)).toBe("Resumed")
  expect(changeInWords({ cap: "200.00" }, { cap: null }, true)).toBe("Monthly cap: $200.00 → none")
  expect(changeInWords({ cap: "200.00" }, { cap: "100000.00" }, true)).toBe(
    "Monthly cap: $200.00 → $100,000.00",
  )
  expect(changeInWords(before, { ...before, amount: "100000.00" }, false)).toBe("adds $50.00 → $100,000.00")
})
