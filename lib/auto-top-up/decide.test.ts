import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/clock"
import { decideTopUp, type TopUpState } from "./decide"

const NOW = new Date("2026-11-19T12:00:00Z")
const ago = (ms: number) => new Date(NOW.getTime() - ms)
const ahead = (ms: number) => new Date(NOW.getTime() + ms)

const low: TopUpState = {
  enabled: true,
  paused: null,
  due: { cause: "usage", needsNanos: null },
  thresholdNanos: usd(10),
  amountNanos: usd(50),
  availableNanos: usd(4),
  isPlanUnpaid: false,
  openAttempt: null,
  paymentMethod: { fingerprint: "fp_one", isExpired: false },
  failures: null,
  attempts: [],
  capNanos: usd(200),
  committedNanos: 0n,
}
const failed = (more: Partial<NonNullable<TopUpState["failures"]>> = {}) => ({
  count: 1,
  fingerprint: "fp_one",
  at: ago(HOUR_MS),
  suspendedAt: null,
  ...more,
})

const decide = (more: Partial<TopUpState> = {}) => decideTopUp({ ...low, ...more }, NOW)
const charge = { kind: "charge", amountNanos: usd(50), cause: "usage" }
const no = (reason: string, until: Date | null = null) => ({ kind: "no", reason, until })

test("decideTopUp charges the amount when the balance is low and nothing speaks against it", () => {
  expect(decide()).toEqual(charge)
})

describe("decideTopUp names what speaks against it", () => {
  const NEXT_MONTH = new Date("2026-12-01T00:00:00Z")
  const open = { needsAuthentication: false, expiresAt: ahead(HOUR_MS) }
  test.each<[string, Partial<TopUpState>, unknown]>([
    ["turned off", { enabled: false }, no("off")],
    ["a nano above the threshold", { availableNanos: usd(10) + 1n }, no("not_low")],
    ["nothing that made it due", { due: null }, no("not_due")],
    ["a dispute that paused it", { paused: { reason: "dispute", at: ago(DAY_MS) } }, no("paused")],
    [
      "enough for the request that was refused",
      { availableNanos: usd(15), due: { cause: "refusal", needsNanos: usd(15) } },
      no("not_low"),
    ],
    ["a top-up under way", { openAttempt: open }, no("attempt_open")],
    [
      "a bank that wants authentication",
      { openAttempt: { ...open, needsAuthentication: true } },
      no("authentication_required", ahead(HOUR_MS)),
    ],
    ["a plan that isn’t paid", { isPlanUnpaid: true }, no("plan_unpaid")],
    ["no payment method", { paymentMethod: null }, no("no_payment_method")],
    ["an expired card", { paymentMethod: { fingerprint: "fp_one", isExpired: true } }, no("card_expired")],
    [
      "a suspended card",
      { failures: failed({ count: 3, at: ago(30 * DAY_MS), suspendedAt: ago(30 * DAY_MS) }) },
      no("suspended_card"),
    ],
    [
      "a failure within the hour",
      { failures: failed({ at: ago(HOUR_MS - 1) }) },
      no("cooling_down", ahead(1)),
    ],
    [
      "three within the hour",
      { attempts: [ago(50 * MINUTE_MS), ago(MINUTE_MS), ago(20 * MINUTE_MS)] },
      no("velocity_limit", ahead(10 * MINUTE_MS)),
    ],
    [
      "ten within the day",
      { attempts: Array.from({ length: 10 }, (_, n) => ago((n + 2) * 2 * HOUR_MS)) },
      no("velocity_limit", ahead(2 * HOUR_MS)),
    ],
    ["a cent too much for the cap", { committedNanos: usd(150.01) }, no("cap_reached", NEXT_MONTH)],
    ["a cap of nothing, which no month changes", { capNanos: 0n }, no("cap_reached")],
  ])("%s", (_, more, expected) => {
    expect(decide(more)).toEqual(expected)
  })
})

describe("decideTopUp charges right at the bounds", () => {
  test.each<[string, Partial<TopUpState>]>([
    ["a balance at the threshold", { availableNanos: usd(10) }],
    ["a balance of nothing, threshold zero", { availableNanos: 0n, thresholdNanos: 0n }],
    ["a debt", { availableNanos: usd(-12) }],
    ["an hour after a failure", { failures: failed() }],
    [
      "another card after a failure a minute ago",
      { failures: failed({ fingerprint: "fp_two", at: ago(MINUTE_MS) }) },
    ],
    [
      "another card than the suspended one",
      { failures: failed({ count: 3, fingerprint: "fp_two", suspendedAt: ago(HOUR_MS) }) },
    ],
    ["three, the first an hour ago", { attempts: [ago(HOUR_MS), ago(2), ago(1)] }],
    ["what is left of the cap to the cent", { committedNanos: usd(150) }],
    ["no cap", { capNanos: null, committedNanos: usd(1_000_000) }],
  ])("%s", (_, more) => {
    expect(decide(more)).toEqual(charge)
  })
})

test("asked every minute for thirty days, decideTopUp never exceeds a limit, whatever the payments do", () => {
  const outcome = fc.constantFrom("paid" as const, "declined" as const)
  fc.assert(
    fc.property(
      fc.array(outcome, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 5_000 }),
      (outcomes, cap) => {
        const state: TopUpState = { ...low, capNanos: usd(cap) }
        const paid: Date[] = []
        const begun: Date[] = []
        for (let minute = 0; minute < 30 * 24 * 60; minute += 7) {
          const now = new Date(Date.UTC(2026, 10, 1) + minute * MINUTE_MS)
          const decision = decideTopUp(
            { ...state, attempts: begun.filter((at) => at.getTime() > now.getTime() - DAY_MS) },
            now,
          )
          if (decision.kind === "no") continue
          begun.push(now)
          if (outcomes[begun.length % outcomes.length] === "paid") {
            paid.push(now)
            state.failures = null
            state.committedNanos += decision.amountNanos
          } else {
            const count = (state.failures?.count ?? 0) + 1
            state.failures = { count, fingerprint: "fp_one", at: now, suspendedAt: count >= 3 ? now : null }
          }
        }
        expect(paid.length * 50).toBeLessThanOrEqual(cap)
        for (const [index, at] of begun.entries()) {
          const fourth = begun[index + 3]
          const eleventh = begun[index + 10]
          if (fourth) expect(fourth.getTime() - at.getTime()).toBeGreaterThanOrEqual(HOUR_MS)
          if (eleventh) expect(eleventh.getTime() - at.getTime()).toBeGreaterThanOrEqual(DAY_MS)
        }
      },
    ),
    { numRuns: 30 },
  )
})
