import { beforeEach, expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { callApi, testApi } from "@/dev/testing/metering-api"
import { giveCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { createApiKey } from "@/lib/api-keys/create-api-key"
import { listApiKeys } from "@/lib/api-keys/queries"
import { rollApiKey } from "@/lib/api-keys/roll-api-key"
import { API_KEY_SCOPES } from "@/lib/api-keys/scopes"
import { DAY_MS, MINUTE_MS } from "@/lib/clock"
import { fromPublicId } from "@/lib/ids"
import { keyUses } from "./metering"

const world = testApi()
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
  await giveCredits(world.db, team, team.owner, usd(50))
})

const ago = (ms: number) => new Date(Date.now() - ms)
const ctx = (now: Date) => ({
  db: world.db,
  now,
  team,
  actor: { ...team.owner, address: "203.0.113.7" },
})
const make = (now: Date, expiresInDays?: number) =>
  createApiKey(ctx(now), { name: "CI", scopes: [...API_KEY_SCOPES], expiresInDays })
let reports = 0
const report = (key: string) =>
  callApi("POST /usage", {
    key,
    body: { consumable: "sms", quantity: 300 },
    headers: { "idempotency-key": `life-${++reports}` },
  })
const idOf = (publicId: string) => fromPublicId("key", publicId) ?? ""
const rolled = async (made: Date, at: Date, overlapHours: number) => {
  const first = await make(made)
  const second = await rollApiKey(ctx(at), { apiKeyId: idOf(first.apiKeyId), overlapHours })
  return { old: first.apiKey, present: second.apiKey }
}

test("a key works until it expires, and then says so, for what spends and for what reads", async () => {
  const { apiKey: good } = await make(ago(6 * DAY_MS), 7)
  expect((await report(good)).status).toBe(200)
  const { apiKey: expired } = await make(ago(8 * DAY_MS), 7)
  for (const answer of [
    await report(expired),
    await callApi("GET /balance", { key: expired }),
    await report(expired),
  ]) {
    expect(answer).toMatchObject({ status: 401, json: { code: "unauthenticated", retryable: false } })
    expect(answer.json.title).toMatch(
      /^This API key expired on \d+ \w+ \d{4}\. Roll it in your team’s settings/,
    )
  }
})

test("a rolled key’s old secret works through the overlap, and both are one key", async () => {
  const { old, present } = await rolled(ago(DAY_MS), ago(MINUTE_MS), 1)
  for (const key of [old, present]) expect((await report(key)).status).toBe(200)
  const { keys } = await listApiKeys(ctx(new Date()), team.id)
  expect(keys).toHaveLength(1)
  // 100 messages of the 600 are in the plan.
  expect(keys[0]?.spentThisMonthNanos).toBeGreaterThan(0n)
})

test("the list says what a key may spend in a month", async () => {
  const { apiKeyId } = await make(ago(DAY_MS))
  await world.db.spendLimit.create({
    data: { teamId: team.id, kind: "api_key", apiKeyId: idOf(apiKeyId), amountNanos: usd(40), isHard: true },
  })
  const { keys } = await listApiKeys(ctx(new Date()), team.id)
  expect(keys[0]?.limitNanos).toBe(usd(40))
})

test("after the overlap only the new secret works, and the old one says why not", async () => {
  const { old, present } = await rolled(ago(2 * DAY_MS), ago(DAY_MS), 1)
  expect((await report(present)).status).toBe(200)
  const answer = await report(old)
  expect(answer.status).toBe(401)
  expect(answer.json.title).toMatch(/^This API key was rolled, and its old secret stopped working on/)
})

test("a roll without overlap holds from the next request, in a process that remembers the team", async () => {
  const { apiKey, apiKeyId } = await make(ago(DAY_MS))
  expect((await report(apiKey)).status).toBe(200)
  const next = await rollApiKey(ctx(ago(1)), { apiKeyId: idOf(apiKeyId), overlapHours: 0 })
  expect((await report(apiKey)).status).toBe(401)
  expect((await report(next.apiKey)).status).toBe(200)
})

test("the last use is noted beside the requests, and a refused key has none", async () => {
  const { apiKey } = await make(ago(DAY_MS))
  const { apiKey: expired } = await make(ago(8 * DAY_MS), 7)
  await report(apiKey)
  await report(expired)
  await keyUses().flush()
  const { keys } = await listApiKeys(ctx(new Date()), team.id)
  expect(keys.map(({ lastUsedAt }) => lastUsedAt !== null)).toEqual([true, false])
})
