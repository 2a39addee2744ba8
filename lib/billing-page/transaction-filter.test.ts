import { describe, expect, test } from "vitest"
import { newId, toPublicId } from "@/lib/ids"
import { chosenQuery, parseChosen, problemsOf, toLedgerFilter } from "./transaction-filter"

const [memberId, keyId] = [newId(), newId()]
const QUERY = {
  ...{
    kind: "consumption",
    from: "2026-03-29",
    to: "2026-03-29",
    consumable: "sms",
    min: "11.09",
    max: "$1,000",
  },
  member: toPublicId("member", memberId),
  key: toPublicId("key", keyId),
}

test("an address says a filter, and the filter the same address", () => {
  const chosen = parseChosen({ ...QUERY, unknown: "x" } as typeof QUERY)
  expect(chosen && chosenQuery(chosen)).toEqual(QUERY)
  expect(chosen && problemsOf(chosen)).toEqual({})
  expect(chosen && toLedgerFilter(chosen)).toEqual({
    kinds: ["consumption"],
    // A day of UTC has 24 hours, also where the reader's clock jumps.
    from: new Date("2026-03-29T00:00:00Z"),
    to: new Date("2026-03-30T00:00:00Z"),
    ...{ memberId, apiKeyId: keyId, consumable: "sms" },
    // Everything that is shown as $11.09.
    ...{ minSizeNanos: 11_085_000_000n, maxSizeNanos: 1_000_004_999_999n },
  })
})

test("a field that a form sent empty is none, and “none” is usage of nobody", () => {
  const empty = parseChosen(Object.fromEntries(Object.keys(QUERY).map((name) => [name, ""])))
  expect(empty && chosenQuery(empty)).toEqual({})
  expect(empty && toLedgerFilter(empty)).toEqual({})
  const nobody = parseChosen({ member: "none", key: "none" })
  expect(nobody && toLedgerFilter(nobody)).toEqual({ memberId: null, apiKeyId: null })
})

describe.each<[string, Record<string, string | string[]>]>([
  ["kind", { kind: "included_grant" }],
  ["kind from elsewhere", { kind: "toString" }],
  ["day", { from: "2026-02-30" }],
  ["huge day", { to: "+275760-09-13" }],
  ["member", { member: toPublicId("key", keyId) }],
  ["key", { key: "key_x" }],
  ["consumable", { consumable: "=1+1" }],
  ["amount", { min: "1".repeat(41) }],
  ["repeated field", { kind: ["refund", "purchase"] }],
])("a wrong %s", (_, query) => {
  test("is no filter", () => expect(parseChosen(query)).toBeNull())
})

test.each([
  [{ from: "2026-02-02", to: "2026-02-01" }, "to"],
  [{ min: "-1" }, "min"],
  [{ min: "0.001" }, "min"],
  [{ max: "1e9" }, "max"],
  [{ min: "2", max: "1" }, "max"],
])("%j has a problem that the form marks", (query, field) => {
  const chosen = parseChosen(query)
  expect(chosen && Object.keys(problemsOf(chosen))).toEqual([field])
})
