import { describe, expect, test } from "vitest"
import type { Decision, TopUpState } from "@/lib/auto-top-up/decide"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { saveInWords } from "./save-words"

const usd = (dollars: number) => BigInt(dollars) * NANOS_PER_USD
const now = "2026-11-19T12:00:00.000Z[UTC]"
const form = { enabled: true, thresholdNanos: usd(10), amountNanos: usd(1000), capNanos: usd(2000) }
const words = (decision: Decision, balance = 4, capNanos: bigint | null = usd(2000), othersNanos = 0n) =>
  saveInWords(decision, {
    othersNanos,
    state: { availableNanos: usd(balance) } as TopUpState,
    form: { ...form, capNanos },
    methodName: "Visa •••• 4242",
    now,
  })

describe("saveInWords", () => {
  test("names card and amount in the sentence, and the amount on the button", () => {
    const charge = { kind: "charge", amountNanos: usd(1000), cause: "save" } as const
    expect(words(charge)).toMatchObject({
      text: "Your balance is already below this: saving charges Visa •••• 4242 $1,000.00.",
      button: "Save and charge $1,000.00",
    })
    expect(words(charge, 10)?.text).toMatch(/^Your balance has reached this: /)
  })

  test("names what a raised cap charges for other pools, beside this one’s charge and alone", () => {
    const charge = { kind: "charge", amountNanos: usd(1000), cause: "save" } as const
    expect(words(charge, 4, null, usd(70))).toMatchObject({
      text: "Your balance is already below this: saving charges Visa •••• 4242 $1,000.00, and $70.00 for other pools that wait for the cap.",
      button: "Save and charge $1,070.00",
    })
    expect(words({ kind: "no", reason: "not_low", until: null }, 40, null, usd(70))).toMatchObject({
      text: "Other pools wait for the cap: saving charges Visa •••• 4242 $70.00 for them.",
      button: "Save and charge $70.00",
    })
  })

  test.each([
    ["attempt_open", null, "a top-up is under way"],
    ["authentication_required", null, "waits for your bank’s confirmation"],
    ["cooling_down", new Date("2026-11-19T12:40:00Z"), "The next charge can come today, 12:40."],
    ["suspended_card", null, "suspended after failed charges"],
    ["paused", null, "paused since a payment was disputed"],
    ["plan_unpaid", null, "your plan isn’t paid"],
    ["cap_reached", new Date("2026-12-01T00:00:00Z"), "or when you raise the cap"],
  ] as const)("of %s says that nothing is charged yet, and the button only saves", (reason, until, says) => {
    const found = words({ kind: "no", reason, until })
    expect(found?.text).toContain(says)
    expect(found?.button).toBe("Save")
  })

  test.each(["off", "not_low", "no_payment_method"] as const)("has no words for %s", (reason) => {
    expect(words({ kind: "no", reason, until: null })).toBeNull()
  })

  test("leaves a cap of nothing to the words beside the cap", () => {
    expect(words({ kind: "no", reason: "cap_reached", until: null }, 4, 0n)).toBeNull()
  })
})
