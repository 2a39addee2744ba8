import { expect, test } from "vitest"
import { CATALOG } from "@/lib/catalog/catalog"
import { comingPeriods } from "./coming-periods"
import type { SubscriptionTerms } from "./terms-at"

const now = new Date("2026-11-20T12:00:00Z")
const until = new Date("2027-02-01T00:00:00Z")
const at = (day: string) => new Date(`${day}T00:00:00Z`)
const subscription: SubscriptionTerms = {
  plan: "build",
  status: "active",
  billingAnchor: at("2026-10-30"),
  periodStartsAt: at("2026-10-30"),
  periodEndsAt: at("2026-11-30"),
  cancelAt: null,
  hasScheduledChange: false,
  periodWithheld: null,
  isCollectionPaused: false,
}
const periods = (
  more: Partial<SubscriptionTerms> = {},
  poolEndsAt: Date | null = subscription.periodEndsAt,
) =>
  comingPeriods(
    { plan: "build", periodAnchor: at("2026-10-01"), subscription: { ...subscription, ...more } },
    poolEndsAt,
    { now, until },
  ).map((period) => [period.at.toISOString().slice(0, 10), period.includedNanos])
const { includedNanos: BUILD } = CATALOG.plans.build
const { includedNanos: FREE } = CATALOG.plans.free

test("a subscription renews each month with what its plan includes", () => {
  expect(periods()).toEqual([
    ["2026-11-30", BUILD],
    ["2026-12-30", BUILD],
    ["2027-01-30", BUILD],
  ])
})

test("one that is cancelled becomes the free plan, and one with a change due ends what is known", () => {
  expect(periods({ cancelAt: at("2026-11-30") }).map(([, nanos]) => nanos)).toEqual([FREE, FREE, FREE])
  expect(periods({ hasScheduledChange: true })).toEqual([])
})

test("an unpaid one gives nothing, and a pool that wasn’t used yet begins now", () => {
  expect(periods({ status: "past_due" })[0]).toEqual(["2026-11-30", 0n])
  expect(periods({}, null)[0]).toEqual(["2026-11-20", BUILD])
})
