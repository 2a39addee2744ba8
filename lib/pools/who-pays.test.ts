import { describe, expect, test } from "vitest"
import type { Plan } from "@/lib/db/generated/enums"
import { InvalidInputError } from "@/lib/errors"
import { DEFAULT_TRIGGER, TRIGGERS, type Trigger } from "./triggers"
import { whoPays } from "./who-pays"

const ADA = { type: "user", memberId: "ada" }
const OWNER = { type: "team_owner" }
const TEAM = { type: "team" }
const REFUSED = new InvalidInputError(
  "Name the member who started this: the trigger “user” needs one.",
  "user",
)

/** Plan, trigger, who is billed when the request names Ada, and when it names nobody. */
const TABLE: [Plan, Trigger, object, object][] = [
  ["free", "user", ADA, REFUSED],
  ["free", "api_key", OWNER, OWNER],
  ["free", "schedule", OWNER, OWNER],
  ["free", "integration", ADA, OWNER],
  ["build", "user", ADA, REFUSED],
  ["build", "api_key", OWNER, OWNER],
  ["build", "schedule", OWNER, OWNER],
  ["build", "integration", ADA, OWNER],
  ["max", "user", ADA, REFUSED],
  ["max", "api_key", OWNER, OWNER],
  ["max", "schedule", OWNER, OWNER],
  ["max", "integration", ADA, OWNER],
  ["business", "user", ADA, REFUSED],
  ["business", "api_key", OWNER, OWNER],
  ["business", "schedule", OWNER, OWNER],
  ["business", "integration", ADA, OWNER],
  ["enterprise", "user", TEAM, REFUSED],
  ["enterprise", "api_key", TEAM, TEAM],
  ["enterprise", "schedule", TEAM, TEAM],
  ["enterprise", "integration", TEAM, TEAM],
]

function answer(plan: Plan, trigger: Trigger, memberId: string | null): unknown {
  try {
    return whoPays({ plan, trigger, memberId })
  } catch (error) {
    return error
  }
}

describe.each(TABLE)("on %s, usage by %s", (plan, trigger, withMember, withoutMember) => {
  test("of a known member is billed by the table", () => {
    expect(answer(plan, trigger, "ada")).toEqual(withMember)
  })

  test("of nobody known is billed by the table, or refused", () => {
    expect(answer(plan, trigger, null)).toEqual(withoutMember)
  })
})

test("the table above has every plan with every trigger", () => {
  expect(new Set(TABLE.map(([plan, trigger]) => `${plan} ${trigger}`)).size).toBe(5 * TRIGGERS.length)
  expect(TRIGGERS).toEqual(["user", "api_key", "schedule", "integration"])
})

test("a request that names no trigger is one of a key", () => {
  expect(DEFAULT_TRIGGER).toBe("api_key")
})
