import { expect, test } from "vitest"
import { newId, toPublicId } from "@/lib/ids"
import { parseUsageQuery, usageHref, usageQueryFields } from "./page-query"
import { daysOf, presetRange } from "./range"

const member = toPublicId("member", newId())

test("an address says all of a question, and what it says is read again", () => {
  for (const fields of [
    {},
    { range: "7d", by: "member", sort: "-name", consumable: "sms" },
    { range: "custom", from: "2026-02-28", to: "2026-03-01", view: "records", day: "2026-03-01" },
    { member, key: "none", trigger: "user", pool: toPublicId("pool", newId()) },
    { by: "run", run: "=cmd|' /C' ‮ 夜間", view: "records", after: "2026-11-30.12.9223372036854775807" },
  ]) {
    const query = parseUsageQuery(fields)
    expect(query && usageQueryFields(query)).toEqual(fields)
  }
  const query = parseUsageQuery({ range: "30d", by: "consumable", consumable: "" })
  expect(query && usageHref("/usage", query, {})).toBe("/usage")
  expect(query && usageHref("/usage", query, { by: "model", model: "a&b" })).toBe(
    "/usage?by=model&model=a%26b",
  )
})

test.each([
  { by: "team" },
  { by: ["run", "model"] },
  { range: "1d" },
  { sort: "rate" },
  { sort: "--cost" },
  { member: "member_x" },
  { member: toPublicId("pool", newId()) },
  { pool: "none" },
  { consumable: "'; DROP TABLE entries" },
  { model: "x".repeat(101) },
  { run: "a\0b" },
  { view: "all" },
  { day: "2026-1-1" },
  { day: "2026-02-29" },
  { after: "2026-13-45.1.1" },
  { after: "2026-11-30.1.9223372036854775808" },
  { after: "2026-11-30.1.-1" },
  { team: "another" },
])("no link of ours says %j", (query) => {
  expect(parseUsageQuery(query)).toBeNull()
})

test.each([
  ["7d", "2026-03-02T00:00:00Z", "2026-02-24", "2026-03-02", 7],
  ["30d", "2024-03-01T23:59:59Z", "2024-02-01", "2024-03-01", 30],
  // Clocks change in Europe on March 29th, and days are UTC's.
  ["90d", "2026-03-31T12:00:00Z", "2026-01-01", "2026-03-31", 90],
  ["month", "2026-12-31T23:59:59Z", "2026-12-01", "2026-12-31", 31],
  ["month", "2026-12-01T00:00:00Z", "2026-12-01", "2026-12-01", 1],
  ["last_month", "2026-01-31T12:00:00Z", "2025-12-01", "2025-12-31", 31],
  ["last_month", "2024-03-31T12:00:00Z", "2024-02-01", "2024-02-29", 29],
] as const)("%s at %s is %s to %s", (preset, now, from, to, count) => {
  const range = presetRange(preset, new Date(now))
  expect(range).toEqual({ from, to })
  expect(new Set(daysOf(range)).size).toBe(count)
})
