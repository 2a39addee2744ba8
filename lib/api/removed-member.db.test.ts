import { beforeEach, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { callApi, type Json, testApi } from "@/dev/testing/metering-api"
import { giveCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { toPublicId } from "@/lib/ids"
import { creditsProblemAnswer } from "./openapi"

const world = testApi()
let team: TestTeam
let key: string

beforeEach(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  key = (await createTestApiKey(world.db, team)).apiKey
  await giveCredits(world.db, team, team.member, usd(5))
})

const post = (path: string, body: Json, idempotencyKey: string) =>
  callApi(`POST ${path}`, { key, body, headers: { "idempotency-key": idempotencyKey } })

const removeMember = () =>
  world.db.member.update({
    where: { teamId_id: { teamId: team.id, id: team.member.memberId } },
    data: { removedAt: new Date() },
  })

const hold = (idempotencyKey: string, quantity = 100) =>
  post("/holds", { consumable: "sms", quantity, trigger: "user", user: team.member.email }, idempotencyKey)

const start = (idempotencyKey: string, quantity = 100) => {
  const estimate = { consumable: "sms", quantity }
  return post(
    "/agent/tasks",
    { title: "A run", trigger: "user", user: team.member.email, estimate },
    idempotencyKey,
  )
}

test("a removed member’s hold and task are answered again by their keys, and nothing new begins", async () => {
  const first = {
    hold: await hold("a hold"),
    task: await start("a task"),
    failed: await start("dear", 1_000_000),
  }
  expect([first.hold.status, first.task.status, first.failed.status]).toEqual([201, 201, 403])
  await removeMember()
  const again = await hold("a hold")
  expect([again.status, again.json]).toEqual([201, first.hold.json])
  expect(again.headers.get("idempotent-replayed")).toBe("true")
  expect((await start("a task")).json).toEqual(first.task.json)
  expect((await start("dear", 1_000_000)).json).toMatchObject({
    status: 403,
    task_id: first.failed.json.task_id,
    required: first.failed.json.required,
  })
  for (const other of [await hold("a hold", 99), await start("a task", 99)])
    expect(other.json).toMatchObject({ status: 409, code: "idempotency_key_reused" })
  for (const fresh of [await hold("another hold"), await start("another task")])
    expect(fresh.json).toMatchObject({ status: 400, field: "user" })
})

test("a removed member’s running task is charged to their pool, and refused with who pays", async () => {
  const { id } = (await start("a task")).json.task as { id: string }
  await removeMember()
  const usage = (quantity: number) =>
    post(`/agent/tasks/${id}/usage`, { consumable: "sms", quantity }, `${quantity}`)
  expect((await usage(10)).json).toMatchObject({ cost: "0.12", available: "3.80" })
  const { status, json } = await usage(1_000_000)
  expect(status).toBe(403)
  creditsProblemAnswer.parse(json)
  expect(json).toMatchObject({
    billed_principal: { type: "user", id: toPublicId("member", team.member.memberId) },
    pools: [{ id: toPublicId("pool", team.member.poolId), name: "Former member" }],
  })
  const done = await callApi(`POST /agent/tasks/${id}/complete`, { key, body: {} })
  expect(done.json).toMatchObject({ task: { state: "SUCCEEDED" } })
})

test("a refusal of the Owner’s own task names the Owner as a user, as its start would", async () => {
  await giveCredits(world.db, team, team.owner, usd(5))
  const usage = { consumable: "sms", quantity: 1_000_000 }
  for (const [trigger, type] of [
    ["user", "user"],
    ["schedule", "team_owner"],
  ] as const) {
    const started = await post("/agent/tasks", { title: "A run", trigger, user: team.owner.email }, trigger)
    const { id } = started.json.task as { id: string }
    expect((await post(`/agent/tasks/${id}/usage`, usage, `${trigger} 1`)).json).toMatchObject({
      billed_principal: { type, id: toPublicId("member", team.owner.memberId) },
    })
  }
})
