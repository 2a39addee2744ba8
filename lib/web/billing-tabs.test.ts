import { expect, test } from "vitest"
import { billingHref, billingTabs } from "./billing-tabs"

const tabsOf = (role: "OWNER" | "ADMIN" | "MEMBER", poolId: string | null = null) =>
  billingTabs("acme", role, { current: "usage", poolId })

const labelsOf = (role: "OWNER" | "ADMIN" | "MEMBER") => tabsOf(role).map(({ label }) => label)

test("Owners and Admins have four tabs, a Member the two about the own pool", () => {
  expect(labelsOf("OWNER")).toEqual(["Overview", "Usage", "Payments", "Plan"])
  expect(labelsOf("ADMIN")).toEqual(labelsOf("OWNER"))
  expect(labelsOf("MEMBER")).toEqual(["Overview", "Usage"])
})

test("every tab has an address of its own and keeps the chosen pool", () => {
  expect(tabsOf("OWNER", "pool_1").map(({ href }) => href)).toEqual([
    "/acme/settings/account/billing?pool=pool_1",
    "/acme/settings/account/billing/usage?pool=pool_1",
    "/acme/settings/account/billing/payments?pool=pool_1",
    "/acme/settings/account/billing/plan?pool=pool_1",
  ])
  expect(tabsOf("OWNER").map(({ isCurrent }) => isCurrent)).toEqual([false, true, false, false])
  expect(billingHref("acme", "overview")).toBe("/acme/settings/account/billing")
})
