import { describe, expect, test } from "vitest"
import { isOn, isTold, mayBeTold, NOTIFICATION_TYPES, NOTIFICATIONS } from "./types"

test("Owners and Admins are told of everything, Members of their own pool, their limit, and the answer to a request", () => {
  for (const type of NOTIFICATION_TYPES) {
    if (type === "credit_request_answered" || type === "approval_answered") continue
    expect(isTold(type, "OWNER", false)).toBe(true)
    expect(isTold(type, "ADMIN", false)).toBe(true)
    expect(isTold(type, "MEMBER", false)).toBe(false)
  }
  expect(NOTIFICATION_TYPES.filter((type) => isTold(type, "MEMBER", true))).toEqual([
    "credit_balance_low",
    "credit_balance_depleted",
    "credit_spend_limit_reached",
    "credit_request_answered",
  ])
})

test("the answer to a request is told to nobody but who asked", () => {
  expect(isTold("credit_request_answered", "OWNER", false)).toBe(false)
  expect(isTold("credit_request_answered", "ADMIN", true)).toBe(true)
})

test("an approval is asked of the other Owners and Admins, and the answer told to its asker alone", () => {
  for (const role of ["OWNER", "ADMIN"] as const) {
    expect([false, true].map((isAsker) => isTold("approval_requested", role, isAsker))).toEqual([true, false])
    expect([false, true].map((isAsker) => isTold("approval_answered", role, isAsker))).toEqual([false, true])
    expect(mayBeTold("approval_requested", role) && mayBeTold("approval_answered", role)).toBe(true)
  }
  // A former Admin may have asked.
  expect(mayBeTold("approval_requested", "MEMBER") || mayBeTold("approval_answered", "MEMBER")).toBe(false)
})

describe("a channel", () => {
  test("is on by default, but for two mails: Stripe mails receipts, and the billing email gets the statement", () => {
    const off = NOTIFICATION_TYPES.filter((type) => !isOn(type, "email", undefined))
    expect(off).toEqual(["credit_purchase_succeeded", "credit_statement_ready"])
    expect(NOTIFICATION_TYPES.every((type) => isOn(type, "in_app", undefined))).toBe(true)
  })

  test("can be turned off and on, but for failed payments and what a bank wants confirmed", () => {
    const fixed = NOTIFICATION_TYPES.filter(
      (type) => isOn(type, "email", false) || isOn(type, "in_app", false),
    )
    expect(fixed).toEqual(["credit_purchase_failed", "credit_payment_action_required", "plan_payment_failed"])
    expect(fixed.every((type) => !NOTIFICATIONS[type].canBeSilenced)).toBe(true)
    expect(isOn("credit_purchase_succeeded", "email", true)).toBe(true)
  })
})
