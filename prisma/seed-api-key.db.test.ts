import { beforeAll, expect, test } from "vitest"
import { testDatabase } from "@/dev/testing/world"
import { parseApiKey } from "@/lib/api-keys/key-text"
import { DEMO_TEAM_SLUG } from "@/lib/auth/demo-team"
import { hashToken, newToken } from "@/lib/auth/token"
import { seed } from "./seed"
import { ensureDemoKey } from "./seed-api-key"

const world = testDatabase()
const now = new Date()
const ensure = (apiKey: string | null) => ensureDemoKey(world.db, { now, apiKey })
let teamId: string

beforeAll(async () => {
  expect(await ensure(null)).toBeNull()
  expect(await seed(world.db, { now })).toBe(true)
  teamId = (await world.db.team.findUniqueOrThrow({ where: { slug: DEMO_TEAM_SLUG } })).id
})

async function expectWorks(apiKey: string | null): Promise<void> {
  const parsed = parseApiKey(apiKey ?? "")
  expect(parsed?.teamId).toBe(teamId)
  expect(await world.db.apiKey.count({ where: { ...parsed, revokedAt: null } })).toBe(1)
}

test("the demo gets a key of its team once, and keeps it", async () => {
  const apiKey = await ensure(null)
  await expectWorks(apiKey)
  expect(await ensure(apiKey)).toBe(apiKey)
  expect(await world.db.apiKey.count()).toBe(1)
})

test("a key from before keys named their team is replaced and revoked", async () => {
  const old = `ck_${newToken()}`
  const row = {
    teamId,
    name: "Demo key",
    keyHash: hashToken(old),
    last4: old.slice(-4),
    scopes: ["usage:write"],
  }
  const { id } = await world.db.apiKey.create({ data: row })
  const apiKey = await ensure(old)
  expect(apiKey).not.toBe(old)
  await expectWorks(apiKey)
  expect((await world.db.apiKey.findFirstOrThrow({ where: { id } })).revokedAt).toEqual(now)
})

test("a key that was revoked, or isn’t the database’s, is replaced", async () => {
  const first = await ensure(null)
  await world.db.apiKey.updateMany({ data: { revokedAt: now } })
  const second = await ensure(first)
  expect(second).not.toBe(first)
  await expectWorks(second)
  const foreign = `${second?.slice(0, -1)}${second?.endsWith("A") ? "B" : "A"}`
  await expectWorks(await ensure(foreign))
})
