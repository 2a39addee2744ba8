import { beforeAll, describe, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { callApi, report, testApi, writtenOf } from "@/dev/testing/metering-api"
import { balanceOf, giveCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { DAY_MS, MINUTE_MS } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"
import { receiptAnswer } from "./answers"

const world = testApi()
let team: TestTeam
let key: string

beforeAll(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  key = (await createTestApiKey(world.db, team)).apiKey
  for (const member of [team.owner, team.member]) await giveCredits(world.db, team, member, usd(50))
})

test("charges what exceeds the allowance and says what paid for it", async () => {
  const { status, json } = await report(key, { consumable: "agent_compute", quantity: "0.7" })
  expect(status).toBe(200)
  receiptAnswer.parse(json)
  expect(json).toEqual({
    cost: "0.12",
    drawn: { allowance: "0.5", included: "0.00", promotion: "0.12", credits: "0.00" },
    balance: "49.88",
    available: "49.88",
    replayed: false,
  })
})

test("costs below a cent keep their decimals", async () => {
  await report(key, { consumable: "llm_tokens", quantity: 100_000 })
  const { json } = await report(key, { consumable: "llm_tokens", quantity: 1 })
  expect(json).toMatchObject({ cost: "0.000004", balance: "49.879996" })
})

test("a key alone bills the Owner, a user’s trigger the user, named by id or email address", async () => {
  const before = await balanceOf(world.db, team, team.member)
  const publicId = toPublicId("member", team.member.memberId)
  for (const user of [publicId, team.member.email, team.member.email.toUpperCase()])
    expect((await report(key, { consumable: "sms", quantity: 1, trigger: "user", user })).status).toBe(200)
  expect(await balanceOf(world.db, team, team.member)).toBe(before - 3n * 12_000_000n)
  const owner = await balanceOf(world.db, team, team.owner)
  await report(key, { consumable: "sms", quantity: 1, user: publicId })
  expect(await balanceOf(world.db, team, team.owner)).toBe(owner - 12_000_000n)
})

test("keeps metadata in one order, and counts usage on the day it happened", async () => {
  const occurredAt = new Date(Date.now() - 34 * DAY_MS)
  const metadata = { z: 1, a: "ä\n", n: null, __proto__: undefined, yes: true }
  const body = `{"consumable":"sms","quantity":3,"occurred_at":"${occurredAt.toISOString()}","metadata":{"z":1,"a":"ä\\n","n":null,"yes":true,"__proto__":"own","1":0.5}}`
  const sent = { key, text: body, headers: { "idempotency-key": "with-metadata" } }
  expect((await callApi("POST /usage", sent)).status).toBe(200)
  expect(Object.keys(metadata)).not.toContain("__proto__")
  const entry = await world.db.entry.findFirstOrThrow({ where: { teamId: team.id, quantity: 3n } })
  expect(JSON.stringify(entry.metadata)).toContain('"__proto__":"own"')
  expect(entry.occurredAt).toEqual(occurredAt)
})

describe("the same key again", () => {
  const body = {
    consumable: "sms",
    quantity: 2,
    trigger: "schedule",
    metadata: { b: 1, a: 2 },
    occurred_at: new Date(Date.now() - MINUTE_MS).toISOString(),
  }

  test("answers the first answer, however the body’s names are ordered", async () => {
    const first = await report(key, { ...body, user: team.member.email }, "again")
    expect(first.headers.get("idempotent-replayed")).toBeNull()
    const before = await writtenOf(world, team.id)
    const reordered = Object.fromEntries(Object.entries({ ...body, user: team.member.email }).reverse())
    const again = await report(key, { ...reordered, metadata: { a: 2, b: 1 } }, "again")
    expect(again.headers.get("idempotent-replayed")).toBe("true")
    expect(again.json).toEqual({ ...first.json, replayed: true })
    expect(await writtenOf(world, team.id)).toEqual(before)
  })

  test.each<[string, Record<string, unknown>]>([
    ["consumable", { consumable: "email" }],
    ["quantity", { quantity: 3 }],
    ["trigger", { trigger: "api_key" }],
    ["user", { user: "admin" }],
    ["metadata", { metadata: { a: 2 } }],
    ["no metadata", { metadata: undefined }],
    ["occurred_at", { occurred_at: new Date(Date.now() - 2 * MINUTE_MS).toISOString() }],
  ])("with another %s is refused", async (_, change) => {
    await report(key, { ...body, user: team.member.email }, "conflict")
    const before = await writtenOf(world, team.id)
    const user = change.user === "admin" ? team.admin.email : team.member.email
    const { status, json } = await report(key, { ...body, ...change, user }, "conflict")
    expect(status).toBe(409)
    expect(json).toMatchObject({ code: "idempotency_key_reused", field: "Idempotency-Key" })
    expect(await writtenOf(world, team.id)).toMatchObject({
      ...(before as object),
      meters: expect.anything(),
    })
  })

  test("from another key of the team is other usage", async () => {
    await report(key, body, "of-one-key")
    const other = await createTestApiKey(world.db, team)
    expect((await report(other.apiKey, body, "of-one-key")).status).toBe(409)
  })

  test("in another team is another record", async () => {
    const elsewhere = await createTestTeam(world.db)
    const other = await createTestApiKey(world.db, elsewhere)
    await report(key, body, "of-two-teams")
    expect((await report(other.apiKey, body, "of-two-teams")).json).toMatchObject({ replayed: false })
  })

  test("a hundred times at once is charged once", async () => {
    const before = await balanceOf(world.db, team, team.owner)
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => report(key, { consumable: "sms", quantity: 1 }, "at-once")),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(answers.filter(({ json }) => !json.replayed)).toHaveLength(1)
    expect(new Set(answers.map(({ json }) => JSON.stringify({ ...json, replayed: null }))).size).toBe(1)
    expect(await balanceOf(world.db, team, team.owner)).toBe(before - 12_000_000n)
  })
})
