import { beforeAll, describe, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { callApi, type Json, report, testApi, writtenOf } from "@/dev/testing/metering-api"
import { balanceOf, giveCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { revokeApiKey } from "@/lib/api-keys/revoke-api-key"
import { newId, toPublicId } from "@/lib/ids"
import { reversalAnswer } from "./usage-reversals"

const world = testApi()
let team: TestTeam
let key: string

beforeAll(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  key = (await createTestApiKey(world.db, team)).apiKey
  await giveCredits(world.db, team, team.owner, usd(50))
  await report(key, { consumable: "sms", quantity: 10 }, "reported")
})

let requests = 0
const reverse = (
  body: Json,
  { apiKey = key, headers }: { apiKey?: string; headers?: Record<string, string> } = {},
) =>
  callApi("POST /usage/reversals", {
    key: apiKey,
    body: { key: "reported", reason: "Metered twice", ...body },
    headers: headers ?? { "idempotency-key": `reversal-${++requests}` },
  })

test("says what came back and where it went, and the same request gets the same answer", async () => {
  const headers = { "idempotency-key": "once" }
  const first = await reverse({ quantity: "4" }, { headers })
  expect(first.status).toBe(200)
  reversalAnswer.parse(first.json)
  expect(first.json).toMatchObject({
    ...{ consumable: "sms", quantity: "4", left: "6", cost: "0.048", repaid_debt: "0.00", replayed: false },
    returned: { allowance: "0", included: "0.00", promotion: "0.048", credits: "0.00" },
    expired: { allowance: "0", credits: "0.00" },
    ...{ balance: "49.928", available: "49.928" },
  })
  const again = await reverse({ quantity: 4 }, { headers })
  expect(again.headers.get("idempotent-replayed")).toBe("true")
  expect(again.json).toEqual({ ...first.json, replayed: true })
  const other = await reverse({ quantity: 5 }, { headers })
  expect(other.json).toMatchObject({ status: 409, code: "idempotency_key_reused", field: "Idempotency-Key" })
  expect(await balanceOf(world.db, team, team.owner)).toBe(49_928_000_000n)
})

test("usage that a revoked key reported, also for a task, is reversed", async () => {
  const revoked = await createTestApiKey(world.db, team)
  const before = await balanceOf(world.db, team, team.owner)
  const started = await callApi("POST /agent/tasks", { key: revoked.apiKey, body: { title: "A run" } })
  const path = `POST /agent/tasks/${(started.json.task as Json).id}/usage`
  const sms = { consumable: "sms", quantity: 3 }
  await callApi(path, { key: revoked.apiKey, body: sms, headers: { "idempotency-key": "of-a-task" } })
  const { db } = world
  await revokeApiKey({ db, now: new Date(), team, actor: team.owner }, { apiKeyId: revoked.id })
  expect((await reverse({ key: "of-a-task" })).json).toMatchObject({ quantity: "3", left: "0" })
  expect(await balanceOf(world.db, team, team.owner)).toBe(before)
})

describe("is refused", () => {
  const refused = async (body: Json, status: number, more: Json) => {
    const before = await writtenOf(world, team.id)
    const answer = await reverse(body)
    expect(answer.json).toMatchObject({ status, ...more })
    expect(await writtenOf(world, team.id)).toEqual(before)
  }

  test.each<[string, Json, string]>([
    ["a quantity of nothing", { quantity: 0 }, "quantity"],
    ["less than nothing", { quantity: "-1" }, "quantity"],
    ["a part of a message", { quantity: "0.5" }, "quantity"],
    ["no number", { quantity: null }, "quantity"],
    ["no reason", { reason: undefined }, "reason"],
    ["an empty reason", { reason: " " }, "reason"],
    ["a long reason", { reason: "x".repeat(201) }, "reason"],
    ["a reason of another type", { reason: 5 }, "reason"],
    ["neither key nor hold", { key: undefined }, "key"],
    ["key and hold", { hold: toPublicId("hold", newId()) }, "key"],
    ["a hold that is none", { key: undefined, hold: "hold_1" }, "hold"],
    ["a key with a line break", { key: "a\nb" }, "key"],
    ["an unknown field", { amount: "5" }, "amount"],
  ])("with %s", (_, body, field) => refused(body, 400, { code: "invalid_input", field }))

  test("for what isn’t there, or is another team’s", async () => {
    await refused({ key: "unknown" }, 404, { code: "not_found" })
    await refused({ key: undefined, hold: toPublicId("hold", newId()) }, 404, { code: "not_found" })
    const other = (await createTestApiKey(world.db, await createTestTeam(world.db))).apiKey
    expect((await reverse({}, { apiKey: other })).json).toMatchObject({ status: 404, code: "not_found" })
  })

  test("for more than is left", () =>
    refused({ quantity: 11 }, 422, { code: "reversal_refused", field: "quantity", retryable: false }))

  test("without a key of its own", async () =>
    expect((await reverse({}, { headers: {} })).json).toMatchObject({ code: "missing_idempotency_key" }))
})
