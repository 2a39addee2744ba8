import { beforeEach, expect, test, vi } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { callApi, testApi, writtenOf } from "@/dev/testing/metering-api"
import { giveCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { newApiKey } from "@/lib/api-keys/key-text"
import { refusedKeys } from "@/lib/api-keys/refused-keys"
import { revokeApiKey } from "@/lib/api-keys/revoke-api-key"
import { hashToken } from "@/lib/auth/token"
import { clock } from "@/lib/clock"
import { newId } from "@/lib/ids"
import { ofThisProcess } from "@/lib/per-process"
import { metering } from "./metering"
import { apiLimits } from "./rate-limit"

const LIMITS = { API_RATE_PER_KEY: "5", API_RATE_PER_ADDRESS: "60", API_RATE_UNKNOWN_KEYS: "20" }
const world = testApi()
let team: TestTeam
let key: string
let addresses = 0
let address: string

beforeEach(async () => {
  vi.restoreAllMocks()
  vi.stubEnv("API_RATE_PER_KEY", LIMITS.API_RATE_PER_KEY)
  vi.stubEnv("API_RATE_PER_ADDRESS", LIMITS.API_RATE_PER_ADDRESS)
  vi.stubEnv("API_RATE_UNKNOWN_KEYS", LIMITS.API_RATE_UNKNOWN_KEYS)
  for (const name of ["env", "api-limits", "refused-api-keys"]) ofThisProcess.delete(name)
  // The whole test happens within one minute, however slow the machine is.
  const now = new Date()
  vi.spyOn(clock, "now").mockImplementation(() => now)
  team = await createTestTeam(world.db, { plan: "free" })
  key = (await createTestApiKey(world.db, team)).apiKey
  address = `192.0.2.${++addresses}`
  await giveCredits(world.db, team, team.owner, usd(50))
  return () => vi.unstubAllEnvs()
})

const ask = (apiKey: string | null, from = address) =>
  callApi("GET /balance", { key: apiKey, headers: { "x-forwarded-for": from } })
const spend = (from = address) =>
  callApi("POST /usage", {
    key,
    body: { consumable: "sms", quantity: 1 },
    headers: { "x-forwarded-for": from, "idempotency-key": crypto.randomUUID() },
  })

/** Counts the database's statements meanwhile. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const asked = vi.spyOn(metering().connections, "query")
  await work()
  const { length } = asked.mock.calls
  asked.mockRestore()
  return length
}

test("beyond its requests a key is told when to come again, nothing is recorded, and another key goes on", async () => {
  for (let left = 4; left >= 0; left--) {
    const { status, headers } = await spend()
    expect([status, headers.get("ratelimit")]).toEqual([200, `"key";r=${left};t=60`])
    expect(headers.get("ratelimit-policy")).toBe('"key";q=5;w=60')
  }
  const before = await writtenOf(world, team.id)
  const refused = await spend()
  expect(refused.json).toMatchObject({
    status: 429,
    code: "rate_limited",
    retryable: true,
    title: "Too many requests. Send the same request again in 60 seconds.",
  })
  expect(refused.headers.get("retry-after")).toBe("60")
  expect(refused.headers.get("ratelimit")).toBe('"key";r=0;t=60')
  expect(await writtenOf(world, team.id)).toEqual(before)
  expect((await spend("198.51.100.1")).status).toBe(429)
  expect((await ask((await createTestApiKey(world.db, team)).apiKey)).status).toBe(200)
})

test("a minute later the key is counted anew", async () => {
  for (let n = 0; n < 6; n++) await spend()
  const later = new Date(clock.now().getTime() + 60_000)
  vi.spyOn(clock, "now").mockImplementation(() => later)
  expect((await spend()).status).toBe(200)
})

test("a key beyond its requests doesn’t reach the database", async () => {
  for (let n = 0; n < 5; n++) await ask(key)
  expect(await statementsOf(async () => expect((await ask(key)).status).toBe(429))).toBe(0)
})

test("an address is counted whatever its keys are, and another address isn’t", async () => {
  for (let n = 0; n < 60; n++) expect((await ask(null)).status).toBe(401)
  const refused = await ask(key)
  expect([refused.status, refused.headers.get("ratelimit-policy")]).toEqual([429, '"address";q=60;w=60'])
  expect((await ask(key, "198.51.100.2")).status).toBe(200)
  // The owner of one IPv6 address has its whole network.
  for (let n = 0; n < 60; n++) await ask(null, `2001:db8:0:1::${n}`)
  expect((await ask(key, "2001:db8:0:1:ffff::1")).status).toBe(429)
})

test("an address that a client claims to be forwarded for is not its address", async () => {
  for (let n = 0; n < 60; n++) await ask(null, `10.0.0.${n}, ${address}`)
  expect((await ask(key, `10.0.1.1, ${address}`)).status).toBe(429)
})

test("only the first few of a flood of nonexistent keys reach the database", async () => {
  const statements = await statementsOf(async () => {
    for (let n = 0; n < 20; n++) expect((await ask(newApiKey(team.id))).status).toBe(401)
    for (let n = 0; n < 30; n++) expect((await ask(newApiKey(newId()))).status).toBe(429)
  })
  // The team’s version, and the team if this process didn’t know it yet.
  expect(statements).toBeLessThanOrEqual(21)
})

test("a key that doesn’t exist takes no place among those that are counted", async () => {
  const nobodys = newApiKey(team.id)
  await ask(nobodys)
  await ask(key)
  expect(apiLimits().keys.has(hashToken(nobodys))).toBe(false)
  expect(apiLimits().keys.has(hashToken(key))).toBe(true)
})

test("the same key that doesn’t exist is asked for once", async () => {
  const nobodys = newApiKey(team.id)
  expect((await ask(nobodys)).status).toBe(401)
  const statements = await statementsOf(async () => {
    for (let n = 0; n < 30; n++) expect((await ask(nobodys)).status).toBe(401)
  })
  expect(statements).toBe(0)
})

test("a key that was good passes from an address that floods with others, and is refused once it is revoked", async () => {
  const { apiKey, id } = await createTestApiKey(world.db, team)
  expect((await ask(apiKey)).status).toBe(200)
  for (let n = 0; n < 25; n++) await ask(newApiKey(team.id))
  expect((await ask(apiKey)).status).toBe(200)
  await revokeApiKey({ db: world.db, now: new Date(), team, actor: team.owner }, { apiKeyId: id })
  expect((await ask(apiKey)).status).toBe(401)
})

test("many good keys that this process meets for the first time all pass, as after a restart", async () => {
  const keys = await Promise.all(Array.from({ length: 30 }, () => createTestApiKey(world.db, team)))
  for (const { apiKey } of keys) expect((await ask(apiKey)).status).toBe(200)
})

test("a key that was just made works at once, even if its text was refused before", async () => {
  const forgotten = vi.spyOn(refusedKeys(), "forget")
  const { apiKey } = await createTestApiKey(world.db, team)
  expect(forgotten).toHaveBeenCalledWith(hashToken(apiKey))
  // Nobody can use a key before it is made, so this notes it as if somebody had.
  refusedKeys().add(hashToken(apiKey), clock.now().getTime())
  expect((await ask(apiKey)).status).toBe(401)
  refusedKeys().forget(hashToken(apiKey))
  expect((await ask(apiKey)).status).toBe(200)
})

test("a verdict is forgotten after a minute", async () => {
  const now = clock.now().getTime()
  refusedKeys().add("x", now)
  expect(refusedKeys().has("x", now + 59_999)).toBe(true)
  expect(refusedKeys().has("x", now + 60_000)).toBe(false)
  for (let n = 0; n < 50_000; n++) refusedKeys().add(`y${n}`, now)
  expect([refusedKeys().has("y39999", now), refusedKeys().has("y40000", now)]).toEqual([false, true])
})
