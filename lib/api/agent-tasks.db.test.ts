import { beforeAll, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { callApi, type Json, testApi, writtenOf } from "@/dev/testing/metering-api"
import { giveCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { toPublicId } from "@/lib/ids"
import { receiptAnswer, taskAnswer } from "./answers"
import { creditsProblemAnswer } from "./openapi"

const world = testApi()
let team: TestTeam
let key: string

beforeAll(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  key = (await createTestApiKey(world.db, team)).apiKey
  await giveCredits(world.db, team, team.owner, usd(50))
})

const estimate = { consumable: "sms", quantity: 100 }

const start = (body: Json, idempotencyKey?: string) =>
  callApi("POST /agent/tasks", {
    key,
    body: { title: "A run", ...body },
    headers: idempotencyKey ? { "idempotency-key": idempotencyKey } : {},
  })

async function startedId(body: Json = { estimate }): Promise<string> {
  return String(((await start(body)).json.task as Json).id)
}

const post = (id: string, action: string, body?: Json, idempotencyKey: string = crypto.randomUUID()) =>
  callApi(`POST /agent/tasks/${id}/${action}`, { key, body, headers: { "idempotency-key": idempotencyKey } })

const balance = async () => (await callApi("GET /balance", { key })).json

test("starts with what it is expected to cost set aside, and is charged what it used", async () => {
  const before = await balance()
  const { status, json } = await start({ trigger: "schedule", estimate })
  expect(status).toBe(201)
  const task = taskAnswer.parse(json.task)
  expect(task).toMatchObject({
    state: "IN_PROGRESS",
    title: "A run",
    trigger: "schedule",
    error: null,
    user: null,
  })
  expect(await balance()).toMatchObject({ held: "1.20", balance: before.balance })
  const done = await post(task.id, "complete", { quantity: 40 })
  receiptAnswer.parse(done.json.receipt)
  expect(done.json).toMatchObject({ task: { state: "SUCCEEDED" }, receipt: { cost: "0.48" } })
  expect(await balance()).toMatchObject({ held: "0.00" })
  expect((await post(task.id, "complete", { quantity: 40 })).json).toEqual(done.json)
  expect((await post(task.id, "cancel")).json).toMatchObject({ status: 409, code: "conflict" })
  expect((await callApi(`GET /agent/tasks/${task.id}`, { key })).json.task).toEqual(done.json.task)
})

test("usage in between is charged once per key, and cancelling gives back the rest", async () => {
  const id = await startedId()
  const usage = { consumable: "sms", quantity: 10, metadata: { step: 1 } }
  const first = await post(id, "usage", usage, "step-1")
  expect(first.json).toMatchObject({ cost: "0.12", replayed: false })
  expect((await post(id, "usage", usage, "step-1")).json).toEqual({ ...first.json, replayed: true })
  expect((await post(id, "usage", { ...usage, quantity: 11 }, "step-1")).json).toMatchObject({
    status: 409,
    code: "idempotency_key_reused",
  })
  expect((await post(id, "cancel")).json.task).toMatchObject({ state: "CANCELLED" })
  expect(await balance()).toMatchObject({ held: "0.00" })
  expect((await post(id, "usage", usage)).json).toMatchObject({ status: 409, code: "conflict" })
})

test("without credits the answer is the error document, and the task is kept with it", async () => {
  const user = team.member.email
  const { status, json } = await start({ trigger: "user", user, estimate }, "no-credits")
  expect(status).toBe(403)
  creditsProblemAnswer.parse(json)
  expect(json).toMatchObject({
    code: "insufficient_credits",
    instance: "/api/v1/agent/tasks",
    billed_principal: { type: "user", id: toPublicId("member", team.member.memberId) },
    required: "1.20",
  })
  const kept = (await callApi(`GET /agent/tasks/${json.task_id}`, { key })).json.task as Json
  expect(kept).toMatchObject({ state: "FAILED", error: { code: "insufficient_credits", required: "1.20" } })
  await giveCredits(world.db, team, team.member, usd(5))
  const again = await start({ trigger: "user", user, estimate }, "no-credits")
  expect(again.json).toMatchObject({ status: 403, task_id: json.task_id })
})

test("a task’s usage that can’t be paid is refused with who pays, and the task goes on", async () => {
  const id = await startedId()
  const { json } = await post(id, "usage", { consumable: "sms", quantity: 1_000_000 })
  expect(json).toMatchObject({ code: "insufficient_credits", billed_principal: { type: "team_owner" } })
  expect((await callApi(`GET /agent/tasks/${id}`, { key })).json).toMatchObject({
    task: { state: "IN_PROGRESS" },
  })
})

test("the same key is the same task, and another body under it is refused", async () => {
  const first = await start({ estimate }, "once")
  expect((await start({ estimate: { quantity: "100", consumable: "sms" } }, "once")).json).toEqual(first.json)
  for (const change of [{ title: "Another" }, { trigger: "schedule" }, { estimate: undefined }])
    expect((await start({ estimate, ...change }, "once")).json).toMatchObject({
      code: "idempotency_key_reused",
    })
})

test.each<[string, Json]>([
  ["title", { title: "" }],
  ["title", { title: "   " }],
  ["title", { title: "x".repeat(201) }],
  ["title", { title: "a\u0000b" }],
  ["title", { title: "Nightly\u202Etroper" }],
  ["title", { title: "Night\u200Bly" }],
  ["title", { title: undefined }],
  ["title", { title: { not: "" } }],
  ["trigger", { trigger: "slack" }],
  ["user", { trigger: "user" }],
  ["estimate", { estimate: null }],
  ["estimate.consumable", { estimate: { quantity: 1 } }],
  ["estimate.quantity", { estimate: { consumable: "sms", quantity: "-0" } }],
  ["estimate.amount", { estimate: { ...estimate, amount: 5 } }],
  ["state", { state: "SUCCEEDED" }],
])("a task with another %s (%j) is refused", async (field, change) => {
  const before = [await writtenOf(world, team.id), await world.db.agentTask.count()]
  expect((await start(change)).json).toMatchObject({ code: "invalid_input", field })
  expect([await writtenOf(world, team.id), await world.db.agentTask.count()]).toEqual(before)
})

test("completing takes an outcome and a quantity only, and usage needs a key", async () => {
  const id = await startedId()
  for (const body of [{ outcome: "DONE" }, { quantity: 0 }, { quantity: null }, { state: "FAILED" }])
    expect((await post(id, "complete", body)).status, JSON.stringify(body)).toBe(400)
  const keyless = await callApi(`POST /agent/tasks/${id}/usage`, { key, body: estimate })
  expect(keyless.json).toMatchObject({ code: "missing_idempotency_key" })
  expect((await post(id, "complete", { outcome: "FAILED" })).json).toMatchObject({
    task: { state: "FAILED", error: null },
    receipt: null,
  })
})
