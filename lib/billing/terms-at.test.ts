import { describe, expect, test } from "vitest"
import { DAY_MS } from "@/lib/clock"
import { type SubscriptionTerms, type TeamTerms, termsAt } from "./terms-at"

const at = (text: string) => new Date(text.length === 10 ? `${text}T00:00:00Z` : text)

const subscribed: SubscriptionTerms = {
  plan: "max",
  status: "active",
  billingAnchor: at("2026-01-31T10:00:00Z"),
  periodStartsAt: at("2026-01-31T10:00:00Z"),
  periodEndsAt: at("2026-02-28T10:00:00Z"),
  cancelAt: null,
  hasScheduledChange: false,
  periodWithheld: null,
  isCollectionPaused: false,
}
const END = "2026-02-28T10:00:00Z"
const NEXT_END = "2026-03-31T10:00:00Z"

type Expected = [plan: string, start: string, end: string] | null

const seen = (team: TeamTerms, now: Date): Expected => {
  const terms = termsAt(team, now)
  const text = (date: Date) => date.toISOString().replace(".000Z", "Z")
  return terms && [terms.plan, text(terms.start), text(terms.end)]
}

const withSubscription = (change: Partial<SubscriptionTerms>, now: string) =>
  seen(
    { plan: "max", periodAnchor: subscribed.billingAnchor, subscription: { ...subscribed, ...change } },
    at(now),
  )

const KNOWN: Expected = ["max", "2026-01-31T10:00:00Z", END]
const NEXT: Expected = ["max", END, NEXT_END]
const FREE: Expected = ["free", END, NEXT_END]

describe("a subscribed team", () => {
  test.each([
    ["within the known period", {}, "2026-02-10", KNOWN],
    ["a moment before Stripe’s clock says that it begins", {}, "2026-01-31T09:59:59Z", KNOWN],
    ["in the last millisecond", {}, "2026-02-28T09:59:59.999Z", KNOWN],
    ["at its end, with no word from Stripe: the next one", {}, END, NEXT],
    ["nearly three days later: still the next one", {}, "2026-03-03T09:59:59.999Z", NEXT],
    ["three days later: only Stripe can say", {}, "2026-03-03T10:00:00Z", null],
    ["a year later: only Stripe can say", {}, "2027-03-03", null],
    ["with a late payment", { status: "past_due" }, END, NEXT],
    ["on trial", { status: "trialing" }, END, NEXT],
    ["with a change scheduled, before it is due", { hasScheduledChange: true }, "2026-02-10", KNOWN],
    ["with a change scheduled, once it is due", { hasScheduledChange: true }, END, null],
    ["cancelled for the end, before it", { cancelAt: at(END) }, "2026-02-28T09:59:59.999Z", KNOWN],
    ["cancelled for the end, from then on", { cancelAt: at(END) }, END, FREE],
    ["cancelled and changed", { cancelAt: at(END), hasScheduledChange: true }, END, FREE],
    [
      "cancelled long ago, without a word from Stripe",
      { cancelAt: at(END) },
      "2026-05-01",
      ["free", "2026-04-30T10:00:00Z", "2026-05-31T10:00:00Z"],
    ],
    [
      "cancelled for a day within the period",
      { cancelAt: at("2026-02-10") },
      "2026-02-10",
      ["free", "2026-01-31T10:00:00Z", END],
    ],
  ] as [string, Partial<SubscriptionTerms>, string, Expected][])("%s", (_, change, now, expected) => {
    expect(withSubscription(change, now)).toEqual(expected)
  })
})

describe("a team’s own plan and anchor decide", () => {
  const own: Expected = ["build", "2026-03-05T00:00:00Z", "2026-04-05T00:00:00Z"]

  test.each(["canceled", "unpaid", "incomplete", "incomplete_expired", "paused"] as const)(
    "with a subscription that is %s",
    (status) => {
      const team = { plan: "free", periodAnchor: at("2026-01-05") } as const
      expect(seen({ ...team, subscription: { ...subscribed, status } }, at("2026-03-06"))).toEqual([
        "free",
        ...(own ?? []).slice(1),
      ])
    },
  )

  test("without any subscription", () => {
    expect(
      seen({ plan: "build", periodAnchor: at("2026-01-05"), subscription: null }, at("2026-03-06")),
    ).toEqual(own)
  })

  test("on Enterprise, whatever a subscription says", () => {
    const team = { plan: "enterprise", periodAnchor: at("2026-01-05"), subscription: subscribed } as const
    expect(seen(team, at("2026-03-06"))?.[0]).toBe("enterprise")
  })
})

test("month after month a team that Stripe confirms has periods without a gap", () => {
  let { periodStartsAt, periodEndsAt } = subscribed
  for (let month = 0; month < 30; month++) {
    const subscription = { ...subscribed, periodStartsAt, periodEndsAt }
    const terms = termsAt(
      { plan: "max", periodAnchor: subscribed.billingAnchor, subscription },
      new Date(periodEndsAt.getTime() + DAY_MS),
    )
    expect(terms?.start).toEqual(periodEndsAt)
    if (!terms) return
    periodStartsAt = terms.start
    periodEndsAt = terms.end
  }
  expect(periodEndsAt).toEqual(at("2028-08-31T10:00:00Z"))
})
