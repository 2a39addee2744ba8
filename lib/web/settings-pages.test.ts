import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { ROOT } from "@/dev/stack/build"
import { PAGES_BELOW, palettePages, SETTINGS_PAGES, settingsNav } from "./settings-pages"

test.each([...SETTINGS_PAGES, ...PAGES_BELOW])("$label leads to a page that exists", ({ path }) => {
  expect(existsSync(join(ROOT, "app/[team]", path, "page.tsx"))).toBe(true)
})

test("every page of a team is in the palette, unless it is about one thing or a step on the way", () => {
  const steps = ["account/billing/plan-return", "account/billing/return", "members/ownership"]
  const pages = readdirSync(join(ROOT, "app/[team]/settings"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("/page.tsx") && !path.includes("["))
    .map((path) => path.replace("/page.tsx", ""))
    .filter((path) => !steps.includes(path))
  const known = [...SETTINGS_PAGES, ...PAGES_BELOW].map(({ path }) => path)
  expect(known.toSorted()).toEqual(pages.map((path) => `settings/${path}`).sort())
})

test("an Owner and an Admin see both groups, a Member only the own account", () => {
  const groupsOf = (role: "OWNER" | "ADMIN" | "MEMBER") => settingsNav("acme", role).map(({ label }) => label)
  expect(groupsOf("OWNER")).toEqual(["Account", "Team"])
  expect(groupsOf("ADMIN")).toEqual(["Account", "Team"])
  expect(groupsOf("MEMBER")).toEqual(["Account"])
})

test("the pages of a team carry its address", () => {
  expect(settingsNav("acme", "MEMBER")[0]?.items[0]).toEqual({
    label: "Billing",
    href: "/acme/settings/account/billing",
  })
})

test("the palette leads a Member to no page of the team, and an Owner to those that the navigation leaves out too", () => {
  const labelsOf = (role: "OWNER" | "MEMBER") => palettePages("acme", role).map(({ label }) => label)
  const own = ["Billing", "Profile", "Notifications", "Sessions"]
  expect(labelsOf("MEMBER")).toEqual([...own, "Usage", "All teams", "API reference", "Rates"])
  expect(labelsOf("OWNER")).toEqual(
    expect.arrayContaining([
      "Members",
      "Payments",
      "Plan",
      "Transactions",
      "Auto top-up history",
      "Reconciliation",
    ]),
  )
})
