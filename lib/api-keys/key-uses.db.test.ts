import { beforeEach, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { MINUTE_MS, SECOND_MS } from "@/lib/clock"
import { type Query, queryIn } from "@/lib/db/query"
import { KeyUses } from "./key-uses"

const world = testDatabase()
const now = Date.UTC(2026, 10, 22, 10)
let team: TestTeam
let used: { teamId: string; apiKeyId: string }
let written = 0

beforeEach(async () => {
  team = await createTestTeam(world.db)
  used = { teamId: team.id, apiKeyId: (await createTestApiKey(world.db, team)).id }
  written = 0
})

const counting: Query = (statement, values) => {
  written += 1
  return queryIn(world.db)(statement, values)
}
const lastUsed = async () =>
  (await world.db.apiKeyUse.findFirst({ where: { teamId: team.id } }))?.lastUsedAt.getTime()

test("a thousand uses within a minute are one write", async () => {
  const uses = new KeyUses(counting)
  for (let n = 0; n < 1_000; n++) uses.note(used, now + n * 50)
  await uses.flush()
  for (let n = 0; n < 100; n++) uses.note(used, now + 55 * SECOND_MS)
  await uses.flush()
  expect(written).toBe(1)
  expect(await lastUsed()).toBe(now)
  uses.note(used, now + MINUTE_MS)
  await uses.flush()
  expect(await lastUsed()).toBe(now + MINUTE_MS)
})

test("another process of the same minute leaves the row alone, and an older note never goes back", async () => {
  const [one, other] = [new KeyUses(counting), new KeyUses(counting)]
  one.note(used, now)
  await one.flush()
  other.note(used, now + 30 * SECOND_MS)
  await other.flush()
  expect(await lastUsed()).toBe(now)
  const late = new KeyUses(counting)
  late.note(used, now - 5 * MINUTE_MS)
  await late.flush()
  expect(await lastUsed()).toBe(now)
})

test("keys of many teams are written together", async () => {
  const uses = new KeyUses(counting)
  uses.note(used, now)
  const others = await createTestTeam(world.db)
  uses.note({ teamId: others.id, apiKeyId: (await createTestApiKey(world.db, others)).id }, now)
  await uses.flush()
  expect(written).toBe(1)
  expect(await world.db.apiKeyUse.count({ where: { teamId: { in: [team.id, others.id] } } })).toBe(2)
})

test("a database that is away costs only the note", async () => {
  const uses = new KeyUses(() => Promise.reject(new Error("away")))
  uses.note(used, now)
  await uses.flush()
  expect(await lastUsed()).toBeUndefined()
})
