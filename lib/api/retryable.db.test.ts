import { beforeEach, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { prepareTopUp, runTopUp, saveInput, setCap, topUpCtx } from "@/dev/testing/auto-top-up"
import { usd } from "@/dev/testing/ledger"
import { callApi, type Json, report, serveApiOn } from "@/dev/testing/metering-api"
import { giveCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { saveSettings } from "@/lib/auto-top-up/save-settings"
import { HOUR_MS } from "@/lib/clock"
import { newId } from "@/lib/ids"
import { pauseTopUps } from "@/lib/top-up-settings/pause-top-ups"
import { creditsProblemAnswer } from "./openapi"

const world = serveApiOn(testWorld())
let team: TestTeam
let key: string

// The pool has $12.00, and auto top-up adds $50.00 at or below $10.00, so a request of $15.00 makes it due.
beforeEach(async () => {
  await world.stripe.control.reset()
  team = await createTestTeam(world.db, { plan: "free" })
  key = (await createTestApiKey(world.db, team)).apiKey
  await giveCredits(world.db, team, team.owner, usd(12))
})

const FIFTEEN = { consumable: "sms", quantity: 1250 }
const ask = (idempotencyKey?: string, quantity = FIFTEEN.quantity) =>
  report(key, { ...FIFTEEN, quantity }, idempotencyKey)
const NO = { retryable: false }
const IN_A_MOMENT = { retryable: true, retry_after: 5 }

test("a request that a top-up on its way lets pass is worth sending again, and the same key is paid then", async () => {
  await prepareTopUp(world, team)
  const refused = await ask("once")
  expect(refused).toMatchObject({ status: 403, json: IN_A_MOMENT })
  expect(refused.headers.get("retry-after")).toBe("5")
  expect(refused.json).toMatchObject({
    title:
      "This request costs $15.00 and $12.00 is left. An auto top-up is on its way: send the same request again in a moment.",
    reason: "not_enough",
  })
  expect(creditsProblemAnswer.safeParse(refused.json).error).toBeUndefined()
  await runTopUp(world, team)
  expect(await ask("once")).toMatchObject({ status: 200, json: { cost: "15.00", replayed: false } })
})

test.for([
  { since: "this moment", ms: 0, answer: IN_A_MOMENT },
  { since: "an hour", ms: HOUR_MS, answer: { retryable: true, retry_after: 60 } },
])(
  "while Stripe can’t be reached since $since it stays worth it, less and less often",
  async ({ ms, answer }) => {
    await prepareTopUp(world, team)
    await ask()
    await world.stripe.control.fault({ times: 9, fault: { kind: "status", status: 500 } })
    const begun = new Date(Date.now() - ms)
    await expect(runTopUp(world, team, begun)).rejects.toThrow("Stripe can’t be reached.")
    expect((await ask()).json).toMatchObject(answer)
  },
)

test("each record of a batch says it for itself", async () => {
  await prepareTopUp(world, team)
  const records = [1250, 100_000, 100].map((quantity, n) => ({ ...FIFTEEN, quantity, key: `record ${n}` }))
  const { json } = await callApi("POST /usage", { key, body: { records } })
  expect(json.results).toMatchObject([
    { key: "record 0", status: 403, ...IN_A_MOMENT },
    { key: "record 1", status: 403, retryable: false },
    { key: "record 2", status: 200, cost: "1.20" },
  ])
  expect((json.results as Json[])[1]).not.toHaveProperty("retry_after")
})

test("however many records of a batch are refused, each says when to send it again", async () => {
  await prepareTopUp(world, team)
  const records = Array.from({ length: 15 }, (_, n) => ({ ...FIFTEEN, key: `record ${n}` }))
  const { json } = await callApi("POST /usage", { key, body: { records } })
  for (const [n, result] of (json.results as Json[]).entries())
    expect(result).toMatchObject({ key: `record ${n}`, status: 403, ...IN_A_MOMENT })
})

test("a hold waits the same way", async () => {
  await prepareTopUp(world, team)
  const open = () => callApi("POST /holds", { key, body: FIFTEEN, headers: { "idempotency-key": "hold" } })
  expect((await open()).json).toMatchObject(IN_A_MOMENT)
  await runTopUp(world, team)
  expect(await open()).toMatchObject({ status: 201, json: { hold: { status: "open" } } })
})

test("a task that a top-up on its way lets start isn’t kept as failed: the same request starts it", async () => {
  await prepareTopUp(world, team)
  const body = { title: "A run", estimate: FIFTEEN }
  const start = () => callApi("POST /agent/tasks", { key, body, headers: { "idempotency-key": "task" } })
  const refused = await start()
  expect(refused.json).toMatchObject(IN_A_MOMENT)
  expect(refused.json).not.toHaveProperty("task_id")
  expect(await world.db.agentTask.count({ where: { teamId: team.id } })).toBe(0)
  await runTopUp(world, team)
  expect(await start()).toMatchObject({ status: 201, json: { task: { state: "IN_PROGRESS" } } })
})

test("usage of a running task waits the same way", async () => {
  await prepareTopUp(world, team)
  const { json } = await callApi("POST /agent/tasks", { key, body: { title: "A run" } })
  const { id } = json.task as { id: string }
  const use = () =>
    callApi(`POST /agent/tasks/${id}/usage`, { key, body: FIFTEEN, headers: { "idempotency-key": "use" } })
  expect((await use()).json).toMatchObject(IN_A_MOMENT)
  await runTopUp(world, team)
  expect((await use()).status).toBe(200)
})

test("a request that one top-up can’t pay for isn’t worth retrying, even while one is on its way", async () => {
  await prepareTopUp(world, team)
  await ask()
  expect((await ask(undefined, 100_000)).json).toMatchObject(NO)
  expect((await ask()).json).toMatchObject(IN_A_MOMENT)
})

test("neither is it without auto top-up, or where it needs a person", async () => {
  expect((await ask()).json).toMatchObject(NO)
  await prepareTopUp(world, team, "pm_card_authenticationRequired")
  expect((await ask()).json).toMatchObject(IN_A_MOMENT)
  await runTopUp(world, team)
  expect((await ask()).json).toMatchObject(NO)
})

test("neither is it while auto top-up is paused, or off", async () => {
  await prepareTopUp(world, team)
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  await world.db.$transaction((tx) => pauseTopUps(tx, pool, { disputeId: newId() }, new Date()))
  expect((await ask()).json).toMatchObject(NO)
  await saveSettings(topUpCtx(world, team), await saveInput(world, team, { enabled: false }))
  expect((await ask()).json).toMatchObject(NO)
})

test("neither is it after a decline", async () => {
  await prepareTopUp(world, team, "pm_card_chargeCustomerFail")
  expect((await ask()).json).toMatchObject(IN_A_MOMENT)
  await runTopUp(world, team)
  expect((await ask()).json).toMatchObject(NO)
})

test("a cap of nothing stops it", async () => {
  await prepareTopUp(world, team)
  await setCap(world, team, 0n)
  expect((await ask()).json).toMatchObject({ ...NO, reason: "not_enough" })
  await runTopUp(world, team)
  expect((await ask()).json).toMatchObject({ ...NO, reason: "spend_cap_reached" })
})
