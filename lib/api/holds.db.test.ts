import { beforeAll, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { callApi, type Json, testApi, writtenOf } from "@/dev/testing/metering-api"
import { giveCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { holdAnswer, preflightAnswer, receiptAnswer } from "./answers"

const world = testApi()
let team: TestTeam
let key: string

beforeAll(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  key = (await createTestApiKey(world.db, team)).apiKey
  await giveCredits(world.db, team, team.owner, usd(50))
})

const usage = { consumable: "sms", quantity: 100 }

function open(body: Json = usage, idempotencyKey?: string) {
  const headers: Record<string, string> = idempotencyKey ? { "idempotency-key": idempotencyKey } : {}
  return callApi("POST /holds", { key, body, headers })
}

async function openedId(body?: Json): Promise<string> {
  return String(((await open(body)).json.hold as Json).id)
}

const available = async () => (await callApi("GET /balance", { key })).json.available

test("sets aside what the run would cost, which the balance shows", async () => {
  const before = (await callApi("GET /balance", { key })).json
  const { status, json } = await open()
  expect(status).toBe(201)
  const hold = holdAnswer.parse(json.hold)
  expect(hold).toMatchObject({
    status: "open",
    quantity: "100",
    amount: "1.20",
    held: "1.20",
    shortfall: null,
  })
  expect(Date.parse(hold.expires_at) - Date.now()).toBeGreaterThan(14 * 60_000)
  const after = (await callApi("GET /balance", { key })).json
  expect(after).toMatchObject({ held: "1.20", balance: before.balance })
  expect((await callApi(`GET /holds/${hold.id}`, { key })).json).toEqual(json)
  const released = await callApi(`POST /holds/${hold.id}/release`, { key })
  expect(released.json.hold).toMatchObject({ status: "released", held: "0.00" })
  expect(await available()).toBe(before.available)
  expect((await callApi(`POST /holds/${hold.id}/release`, { key })).json).toEqual(released.json)
})

test("captures what was used and gives back the rest, once", async () => {
  const id = await openedId()
  const first = await callApi(`POST /holds/${id}/capture`, { key, body: { quantity: "40" } })
  receiptAnswer.parse(first.json.receipt)
  expect(first.json).toMatchObject({
    hold: { status: "captured", captured_quantity: "40", held: "0.00", shortfall: "0.00" },
    receipt: { cost: "0.48", replayed: false },
  })
  const before = await writtenOf(world, team.id)
  const again = await callApi(`POST /holds/${id}/capture`, { key, body: { quantity: 40 } })
  expect(again.headers.get("idempotent-replayed")).toBe("true")
  expect(again.json).toMatchObject({ receipt: { cost: "0.48", replayed: true } })
  const other = await callApi(`POST /holds/${id}/capture`, { key, body: { quantity: 41 } })
  expect([other.status, other.json.code]).toEqual([409, "conflict"])
  expect((await callApi(`POST /holds/${id}/release`, { key })).status).toBe(409)
  expect(await writtenOf(world, team.id)).toEqual(before)
})

test("a released hold can’t be captured", async () => {
  const id = await openedId()
  await callApi(`POST /holds/${id}/release`, { key })
  const { status, json } = await callApi(`POST /holds/${id}/capture`, { key, body: { quantity: 1 } })
  expect([status, json.code]).toEqual([409, "conflict"])
})

test("a capture at once from many is one", async () => {
  const id = await openedId()
  const before = Number(await available())
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => callApi(`POST /holds/${id}/capture`, { key, body: { quantity: 100 } })),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
  expect(answers.filter(({ headers }) => !headers.has("idempotent-replayed"))).toHaveLength(1)
  expect(Number(await available())).toBe(before)
})

test("the same key is the same hold, and another body under it is refused", async () => {
  const first = await open(usage, "hold-1")
  const again = await open({ quantity: "100", consumable: "sms" }, "hold-1")
  expect(again.json).toEqual(first.json)
  expect(again.headers.get("idempotent-replayed")).toBe("true")
  const before = await writtenOf(world, team.id)
  for (const change of [
    { quantity: 99 },
    { expires_in: 60 },
    { trigger: "schedule" },
    { consumable: "email" },
  ])
    expect((await open({ ...usage, ...change }, "hold-1")).json).toMatchObject({
      status: 409,
      code: "idempotency_key_reused",
    })
  expect(await writtenOf(world, team.id)).toMatchObject({ ...(before as object), meters: expect.anything() })
  expect((await open()).json).not.toEqual((await open()).json)
})

test.each<[string, Json]>([
  ["expires_in", { expires_in: 0 }],
  ["expires_in", { expires_in: -1 }],
  ["expires_in", { expires_in: 86_401 }],
  ["expires_in", { expires_in: 1.5 }],
  ["expires_in", { expires_in: "60" }],
  ["expires_in", { expires_in: null }],
  ["metadata", { metadata: {} }],
  ["amount", { amount: "2.00" }],
  ["user", { user: "nobody@example.com" }],
  ["user", { trigger: "user" }],
])("a hold with another %s (%j) is refused", async (field, change) => {
  const before = await writtenOf(world, team.id)
  expect((await open({ ...usage, ...change })).json).toMatchObject({ code: "invalid_input", field })
  expect(await writtenOf(world, team.id)).toEqual(before)
})

test.each([0, -1, "-0", null, true, "1,000", "1.5", [], { gt: 0 }, "9223372036854775808"])(
  "a capture of %j is refused and leaves the hold open",
  async (quantity) => {
    const id = await openedId({ consumable: "sms", quantity: 1 })
    const { status, json } = await callApi(`POST /holds/${id}/capture`, { key, body: { quantity } })
    expect([status, json.field]).toEqual([400, "quantity"])
    expect((await callApi(`GET /holds/${id}`, { key })).json).toMatchObject({ hold: { status: "open" } })
  },
)

test("asking ahead says who would pay and whether it is enough, and writes nothing", async () => {
  await open()
  const ask = async (body: Json) => (await callApi("POST /preflight", { key, body })).json
  await ask(usage)
  const before = await writtenOf(world, team.id)
  const enough = preflightAnswer.parse(await ask(usage))
  expect(enough).toMatchObject({ cost: "1.20", enough: true, billed_principal: { type: "team_owner" } })
  const dear = preflightAnswer.parse(await ask({ ...usage, quantity: 1_000_000 }))
  expect(dear).toMatchObject({ cost: "12000.00", enough: false })
  expect(await writtenOf(world, team.id)).toEqual(before)
  const own = await ask({ ...usage, trigger: "user", user: team.member.email })
  expect(own).toMatchObject({
    enough: false,
    billed_principal: { type: "user" },
    pools: [{ available: "0.00" }],
  })
})
