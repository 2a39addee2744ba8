import { expect, test } from "vitest"
import { describeChanges } from "./change-words"

test("amounts, choices and lists read as people write them", () => {
  expect(
    describeChanges(
      { amount: "50.00", enabled: false, role: "ADMIN", events: [], cap: "200.00" },
      { amount: "75.5000005", enabled: true, role: "MEMBER", events: ["a", "b"], cap: null },
    ),
  ).toEqual([
    { name: "Amount", from: "$50.00", to: "$75.5000005" },
    { name: "Enabled", from: "no", to: "yes" },
    { name: "Role", from: "Admin", to: "Member" },
    { name: "Events", from: "none", to: "a, b" },
    { name: "Cap", from: "$200.00", to: "none" },
  ])
})

test("a value that stayed the same has no line", () => {
  expect(
    describeChanges({ threshold: "10.00", amount: "50.00" }, { threshold: "10.00", amount: "60.00" }),
  ).toEqual([{ name: "Amount", from: "$50.00", to: "$60.00" }])
})

test("a value that only one side has, and names in either spelling", () => {
  expect(describeChanges(null, { slug: "northwind" })).toEqual([
    { name: "Slug", from: null, to: "northwind" },
  ])
  expect(describeChanges({ timeZone: "UTC" }, null)).toEqual([{ name: "Time zone", from: "UTC", to: null }])
  expect(describeChanges(null, { low_balance: 3, more: { a: 1 } })).toEqual([
    { name: "Low balance", from: null, to: "3" },
    { name: "More", from: null, to: '{"a":1}' },
  ])
  expect(describeChanges(null, null)).toEqual([])
})
