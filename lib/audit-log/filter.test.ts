import { describe, expect, test } from "vitest"
import { newId, toPublicId } from "@/lib/ids"
import { chosenKinds, chosenTime, filterQuery, parseFilter, parsePlaces, placeText } from "./filter"

const memberId = newId()
const ALL = { memberId: null, kind: null, from: null, to: null }

test("an address without a filter, and a form sent empty, mean everything", () => {
  expect(parseFilter({})).toEqual(ALL)
  expect(parseFilter({ person: "", kind: "", from: "", to: "" })).toEqual(ALL)
})

test("a filter goes into the address and comes back from it", () => {
  const filter = { memberId, kind: "billing" as const, from: "2026-02-28", to: "2026-03-01" }
  expect(parseFilter(Object.fromEntries(filterQuery(filter)))).toEqual(filter)
  expect(String(filterQuery(ALL))).toBe("")
})

describe("an address makes no sense with", () => {
  test.each([
    { person: "member_1" },
    { person: memberId },
    { person: [toPublicId("member", memberId)] },
    { person: toPublicId("team", memberId) },
    { kind: "money" },
    { kind: "constructor" },
    { kind: ["billing", "team"] },
    { from: "2026-02-30" },
    { from: "yesterday" },
    { to: "2026-2-3" },
    { to: "2026-11-30T00:00:00Z" },
  ])("%o", (query) => {
    expect(parseFilter(query)).toBeNull()
  })

  test.each([
    { before: "1" },
    { before: "1.aud_1" },
    { after: `x.${toPublicId("aud", memberId)}` },
    { after: `999999999999999.${toPublicId("aud", memberId)}x` },
    { before: "" },
    {
      before: placeText({ occurredAt: new Date(0), id: memberId }),
      after: placeText({ occurredAt: new Date(0), id: memberId }),
    },
  ])("the place %o", (query) => {
    expect(parsePlaces(query)).toBeNull()
  })
})

test("a group means all of its kinds, and a kind itself", () => {
  expect(chosenKinds({ ...ALL, kind: "api_keys" })).toContain("api_key.revoked")
  expect(chosenKinds({ ...ALL, kind: "api_keys" })).not.toContain("team.created")
  expect(chosenKinds({ ...ALL, kind: "team.created" })).toEqual(["team.created"])
  expect(chosenKinds(ALL)).toBeNull()
})

test("the last day counts to its end", () => {
  expect(chosenTime({ ...ALL, from: "2026-12-31", to: "2026-12-31" })).toEqual({
    since: new Date("2026-12-31T00:00:00Z"),
    until: new Date("2027-01-01T00:00:00Z"),
  })
})
