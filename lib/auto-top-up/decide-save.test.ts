import { describe, expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { HOUR_MS } from "@/lib/clock"
import type { Decision, TopUpState } from "./decide"
import { decideOthers, decideSave, isAgreed, type SaveForm } from "./decide-save"

const NOW = new Date("2026-11-19T12:00:00Z")
const off: TopUpState = {
  enabled: false,
  thresholdNanos: usd(10),
  amountNanos: usd(50),
  paused: null,
  due: null,
  availableNanos: usd(30),
  openAttempt: null,
  paymentMethod: { fingerprint: "fp_one", isExpired: false },
  failures: null,
  attempts: [],
  capNanos: usd(200),
  committedNanos: 0n,
  isPlanUnpaid: false,
}
const form: SaveForm = { enabled: true, thresholdNanos: usd(40), amountNanos: usd(60), capNanos: usd(200) }
const paused = { reason: "dispute", at: NOW } as const
const failures = { count: 3, fingerprint: "fp_one", at: NOW, suspendedAt: NOW }

describe("decideSave", () => {
  test.each<[string, Partial<TopUpState>, Partial<SaveForm>, unknown]>([
    [
      "charges by the form’s threshold and amount",
      {},
      {},
      { kind: "charge", amountNanos: usd(60), cause: "save" },
    ],
    ["charges nothing above the form’s threshold", {}, { thresholdNanos: usd(29.99) }, { reason: "not_low" }],
    ["charges nothing when it is saved off", { enabled: true }, { enabled: false }, { reason: "off" }],
    ["keeps to the form’s cap", { committedNanos: usd(150) }, {}, { reason: "cap_reached" }],
    [
      "takes a cap that the form raises",
      { committedNanos: usd(150) },
      { capNanos: null },
      { kind: "charge" },
    ],
    ["charges nothing with a cap of nothing", {}, { capNanos: 0n }, { reason: "cap_reached", until: null }],
    ["ends a suspension by turning it on again", { failures }, {}, { kind: "charge" }],
    ["ends none while it is on", { failures, enabled: true }, {}, { reason: "suspended_card" }],
    ["ends a dispute’s pause by turning it on again", { paused }, {}, { kind: "charge" }],
    ["ends no pause while it is on", { paused, enabled: true }, {}, { reason: "paused" }],
    ["charges nothing while the plan isn’t paid", { isPlanUnpaid: true }, {}, { reason: "plan_unpaid" }],
    [
      "waits for the top-up that is under way",
      { openAttempt: { needsAuthentication: false, expiresAt: new Date(NOW.getTime() + HOUR_MS) } },
      {},
      { reason: "attempt_open" },
    ],
  ])("%s", (_, state, more, decision) => {
    expect(decideSave({ ...off, ...state }, { ...form, ...more }, NOW)).toMatchObject(decision as object)
  })
})

test("isAgreed holds the person’s leave against amount and card", () => {
  const agreed = { amountNanos: usd(50), paymentMethodId: "pm_one" }
  expect(isAgreed(usd(50), "pm_one", agreed)).toBe(true)
  expect(isAgreed(usd(50), "pm_one", null)).toBe(false)
  expect(isAgreed(usd(50), "pm_two", agreed)).toBe(false)
  expect(isAgreed(usd(51), "pm_one", agreed)).toBe(false)
  // Less is a different amount too: the page named the charge, not a maximum.
  expect(isAgreed(usd(49), "pm_one", agreed)).toBe(false)
  expect(isAgreed(0n, "pm_one", null)).toBe(true)
})

test("decideOthers lets other pools through in their order, as long as the raised cap has room after this pool", () => {
  const waiting = [50, 80, 20].map((dollars) => ({ amountNanos: usd(dollars) }))
  const charge = { kind: "charge", amountNanos: usd(60), cause: "save" } as const
  const state = { ...off, committedNanos: usd(10) }
  const through = (capNanos: bigint | null, decision: Decision = charge) =>
    decideOthers(waiting, { state, form: { capNanos }, decision }).map(({ amountNanos }) => amountNanos)
  expect(through(usd(140))).toEqual([usd(50), usd(20)])
  expect(through(usd(119.99))).toEqual([usd(20)])
  expect(through(null)).toEqual([usd(50), usd(80), usd(20)])
  expect(through(usd(0))).toEqual([])
  expect(through(usd(140), { kind: "no", reason: "off", until: null })).toEqual([usd(50), usd(80)])
})
