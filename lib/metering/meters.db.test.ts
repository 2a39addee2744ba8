import { expect, test } from "vitest"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { queryIn } from "@/lib/db/query"
import { NotFoundError } from "@/lib/errors"
import { newId } from "@/lib/ids"
import type { Trigger } from "@/lib/pools/triggers"
import { ensureMeter } from "./meters"

const world = testDatabase()
const terms = { consumable: "sms", memberId: null, apiKeyId: null } as const

test("meters that are made at once get a number each, and the same terms the same one", async () => {
  const team = await createTestTeam(world.db, { plan: "free" })
  const triggers: Trigger[] = ["user", "api_key", "schedule", "integration"]
  const made = await Promise.all(
    [...triggers, ...triggers].map((trigger) =>
      ensureMeter(queryIn(world.db), { teamId: team.id, plan: "free" }, { ...terms, trigger }),
    ),
  )
  const numbers = made.map(({ no }) => no)
  expect(new Set(numbers)).toEqual(new Set([1, 2, 3, 4]))
  expect(numbers.slice(4)).toEqual(numbers.slice(0, 4))
})

test("a team that isn’t there has no meters, and asking for one comes to an end", async () => {
  await expect(
    ensureMeter(queryIn(world.db), { teamId: newId(), plan: "free" }, { ...terms, trigger: "user" }),
  ).rejects.toBeInstanceOf(NotFoundError)
})
