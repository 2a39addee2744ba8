import type { ServerResponse } from "node:http"
import { afterEach, beforeEach, expect, test } from "vitest"
import { startInEnvironment } from "@/dev/testing/environment"
import { startReceiver } from "@/dev/testing/servers/receiver"
import { startMailServer } from "@/dev/testing/servers/smtp"
import { connect } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { addEndpoint, causeWebhook, deliverNow, LOCAL } from "@/dev/testing/webhook-endpoints"
import { testDatabase } from "@/dev/testing/world"
import { MINUTE_MS } from "@/lib/clock"
import { queryIn } from "@/lib/db/query"
import { newId } from "@/lib/ids"
import { raise } from "@/lib/notifications/raise"
import { ofThisProcess } from "@/lib/per-process"
import { enqueueJob } from "@/lib/queue/enqueue"
import { Dialer, dialer } from "@/lib/webhooks/dial"
import { UNPROVEN_AT_ONCE } from "@/lib/webhooks/places"
import { until } from "@/stand-in/testing"
import { startWorker } from "./worker"

const world = testDatabase()
let mailServer: Awaited<ReturnType<typeof startMailServer>>
/** Keeps every sender waiting until the test is done. */
let slow: Awaited<ReturnType<typeof startReceiver>>
let held: ServerResponse[]
let workers: Awaited<ReturnType<typeof startWorker>>[]

beforeEach(async () => {
  mailServer = await startMailServer()
  const settings = { DATABASE_URL: world.databaseUrl, SMTP_URL: mailServer.url, WEBHOOK_LOOPBACK: "1" }
  startInEnvironment(settings)
  ofThisProcess.set("db", world.db)
  // Longer than a busy machine takes for a test, so that no delivery is made because another was given up.
  ofThisProcess.set("dialer", new Dialer(LOCAL, undefined, MINUTE_MS))
  held = []
  slow = await startReceiver((response) => held.push(response))
  workers = []
})
afterEach(async () => {
  for (const response of held) response.end()
  await Promise.all(workers.map((worker) => worker.stop()))
  await dialer().close()
  await slow.stop()
  await mailServer.stop()
  process.env.WEBHOOK_LOOPBACK = ""
})

async function work(processes: number): Promise<void> {
  for (let n = 0; n < processes; n++)
    workers.push(await startWorker({ databaseUrl: world.databaseUrl, database: world.db }))
}

/** Creates a team whose endpoints all never finish answering and all have something to receive. */
async function createSlowTeam(endpoints: number): Promise<TestTeam> {
  const team = await createTestTeam(world.db)
  for (let n = 0; n < endpoints; n++) await addEndpoint(world, team, slow.url)
  await causeWebhook(world, team)
  return team
}

/** Longer than a busy machine takes, and shorter than a turn that nobody ends. */
const PATIENCE_MS = 15_000
const untilHeld = (count: number) =>
  until(
    () => held.length,
    (length) => length >= count,
    PATIENCE_MS,
  )
const mailedTo = ({ email }: TestTeam["owner"]) => mailServer.received.some(({ to }) => to.includes(email))
const countDelivered = (team: TestTeam) =>
  world.db.webhookDelivery.count({ where: { teamId: team.id, status: "delivered" } })

test("28 endpoints of two teams that hardly answer keep no other team’s webhook or mail waiting", async () => {
  const hostile = [await createSlowTeam(14), await createSlowTeam(14)]
  const team = await createTestTeam(world.db)
  const receiver = await startReceiver()
  await addEndpoint(world, team, receiver.url)
  await work(2)
  await untilHeld(6)
  await causeWebhook(world, team)
  await until(
    () => receiver.received.length,
    (count) => count === 1,
    PATIENCE_MS,
  )
  // Three of each team, over both processes together.
  expect(held).toHaveLength(6)
  await until(
    () => mailedTo(team.owner),
    (isMailed) => isMailed,
    PATIENCE_MS,
  )

  // As soon as they answer, everything is delivered, without waiting for a turn to end by itself.
  slow.answerWith((response) => response.end())
  for (const response of held.splice(0)) response.end()
  for (const each of hostile)
    await until(
      () => countDelivered(each),
      (count) => count === 14,
      PATIENCE_MS,
    )
  await receiver.stop()
}, 60_000)

test("mail goes out while new endpoints hold all that they can, and webhooks to one that is known to be quick", async () => {
  const team = await createTestTeam(world.db)
  const quick = await startReceiver()
  const { endpointId } = await addEndpoint(world, team, quick.url)
  await causeWebhook(world, team)
  await deliverNow(world, team, endpointId)
  for (let n = 0; n < 8; n++) await createSlowTeam(3)
  await work(1)
  await untilHeld(UNPROVEN_AT_ONCE)
  mailServer.received.length = 0
  await causeWebhook(world, team)
  await until(
    () => quick.received.length,
    (count) => count === 2,
    PATIENCE_MS,
  )
  await until(
    () => mailedTo(team.owner),
    (isMailed) => isMailed,
    PATIENCE_MS,
  )
  expect(held).toHaveLength(UNPROVEN_AT_ONCE)
  await quick.stop()
}, 60_000)

async function countWaitingForLock(client: Awaited<ReturnType<typeof connect>>): Promise<number> {
  const { rowCount } = await client.query(
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  )
  return rowCount ?? 0
}

test("a team with many pools to top up keeps nobody else’s jobs waiting", async () => {
  const [large, team] = [await createTestTeam(world.db), await createTestTeam(world.db)]
  for (let n = 0; n < 20; n++)
    await world.db.$transaction((tx) => {
      const poolId = newId()
      return enqueueJob(tx, "top-up-pool", { teamId: large.id, poolId }, { key: `top-up-pool:${poolId}` })
    })
  const holder = await connect(world)
  try {
    // Each takes long, as it does when Stripe is slow.
    await holder.query("BEGIN")
    await holder.query("SELECT 1 FROM teams WHERE id = $1 FOR UPDATE", [large.id])
    await work(1)
    await until(
      () => countWaitingForLock(holder),
      (count) => count >= 5,
      PATIENCE_MS,
    )
    const data = { balance: "4.20", threshold: "5.00" }
    const notice = { teamId: team.id, poolId: null, type: "credit_balance_low", cause: "one", data } as const
    await world.db.$transaction((tx) => raise(queryIn(tx), notice, new Date()))
    await until(
      () => mailedTo(team.owner),
      (isMailed) => isMailed,
      PATIENCE_MS,
    )
  } finally {
    await holder.end()
  }
}, 60_000)
