import fc from "fast-check"
import { beforeAll, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { callApi, type Json, report, testApi, writtenOf } from "@/dev/testing/metering-api"
import { balanceOf, giveCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { receiptAnswer } from "./answers"

const world = testApi()
let team: TestTeam
let key: string

beforeAll(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  key = (await createTestApiKey(world.db, team)).apiKey
  await giveCredits(world.db, team, team.owner, usd(500))
})

async function send(records: unknown): Promise<Json[]> {
  const { status, json } = await callApi("POST /usage", { key, body: { records } })
  expect(status).toBe(200)
  return json.results as Json[]
}

const sms = (name: string, more: Json = {}) => ({ key: name, consumable: "sms", quantity: 1, ...more })

test("each record is answered in its place, and one that is wrong leaves the others charged", async () => {
  const before = await balanceOf(world.db, team, team.owner)
  const results = await send([
    sms("a"),
    sms("b", { quantity: 0 }),
    "not a record",
    sms("c", { user: "nobody@example.com" }),
    sms("d", { consumable: "storage", quantity: 1_000_000 }),
    sms("e", { note: 1 }),
    { consumable: "sms", quantity: 1 },
    sms(""),
    sms("f"),
  ])
  expect(results.map(({ key: name, status, field }) => [name, status, field])).toEqual([
    ["a", 200, undefined],
    ["b", 400, "quantity"],
    [null, 400, undefined],
    ["c", 400, "user"],
    ["d", 403, undefined],
    ["e", 400, "note"],
    [null, 400, "key"],
    ["", 400, "key"],
    ["f", 200, undefined],
  ])
  for (const { key: _, status, ...result } of results) {
    if (status === 200) receiptAnswer.parse(result)
    else
      expect(result).toMatchObject({
        error: result.title,
        retryable: false,
        type: expect.stringContaining("/errors/"),
      })
    expect(result).not.toHaveProperty("request_id")
    expect(result).not.toHaveProperty("instance")
  }
  expect(results[4]).toMatchObject({ code: "insufficient_credits", pools: [{ name: "OWNER of the test" }] })
  expect(await balanceOf(world.db, team, team.owner)).toBe(before - 2n * 12_000_000n)
})

test("a key that comes twice is one record, and another body under it is refused alone", async () => {
  const before = await balanceOf(world.db, team, team.owner)
  const results = await send([sms("twin"), sms("twin"), sms("twin", { quantity: 2 }), sms("other")])
  expect(results.map(({ status, replayed, field }) => [status, replayed, field])).toEqual([
    [200, false, undefined],
    [200, true, undefined],
    [409, undefined, "key"],
    [200, false, undefined],
  ])
  expect(await balanceOf(world.db, team, team.owner)).toBe(before - 2n * 12_000_000n)
})

test("a record is the same alone and in any batch", async () => {
  await report(key, { consumable: "sms", quantity: 1 }, "alone")
  expect(await send([sms("alone")])).toMatchObject([{ status: 200, replayed: true }])
})

test("batches that overlap, shuffled and repeated, charge each record once", async () => {
  const names = Array.from({ length: 300 }, (_, n) => `shuffled-${n}`)
  const before = await balanceOf(world.db, team, team.owner)
  const [order = []] = fc.sample(
    fc.array(fc.shuffledSubarray(names, { minLength: 100 }), { minLength: 8, maxLength: 8 }),
    { numRuns: 1, seed: 7 },
  )
  await Promise.all([names, ...order].map((batch) => send(batch.map((name) => sms(name)))))
  expect(await balanceOf(world.db, team, team.owner)).toBe(before - 300n * 12_000_000n)
})

test.each<[string, unknown]>([
  ["no records", { records: [] }],
  ["1,001 records", { records: Array.from({ length: 1_001 }, (_, n) => sms(`many-${n}`)) }],
  ["records that are no list", { records: { 0: sms("x") } }],
  ["records of nothing", { records: null }],
])("%s are refused as a whole", async (_, body) => {
  const before = await writtenOf(world, team.id)
  const { status, json } = await callApi("POST /usage", { key, body })
  expect([status, json.field]).toEqual([400, "records"])
  expect(await writtenOf(world, team.id)).toEqual(before)
})

test("a batch with fields of a single record is neither", async () => {
  const { json } = await callApi("POST /usage", { key, body: { records: [sms("x")], consumable: "sms" } })
  expect(json).toMatchObject({ code: "invalid_input", field: "consumable" })
})

test("a thousand records go in one batch, and run dry where the credits end", async () => {
  const poor = await createTestTeam(world.db, { plan: "free" })
  const { apiKey } = await createTestApiKey(world.db, poor)
  await giveCredits(world.db, poor, poor.owner, usd(9))
  const records = Array.from({ length: 1_000 }, (_, n) => sms(`thousand-${n}`))
  const { json } = await callApi("POST /usage", { key: apiKey, body: { records } })
  const statuses = (json.results as Json[]).map(({ status }) => status)
  expect(statuses).toEqual([...Array(750).fill(200), ...Array(250).fill(403)])
  expect(await balanceOf(world.db, poor, poor.owner)).toBe(0n)
})
