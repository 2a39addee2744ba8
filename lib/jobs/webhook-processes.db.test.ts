import { afterEach, expect, test } from "vitest"
import { readPool, usd } from "@/dev/testing/ledger"
import { killNow, testProcesses } from "@/dev/testing/processes/processes"
import { payCheckout, startTestPurchase } from "@/dev/testing/purchases"
import { WEBHOOK_SECRET } from "@/dev/testing/secrets"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { until } from "@/stand-in/testing"
import { startWorker } from "./worker"

const world = testWorld()
const processes = testProcesses()
const workers: Awaited<ReturnType<typeof startWorker>>[] = []
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop()
  await world.stripe.control.replaceEndpoints([])
})

async function startReceivers(count: number) {
  const started = await Promise.all(
    Array.from({ length: count }, () =>
      processes.start<{ port: number }>("dev/testing/processes/webhook-process.ts"),
    ),
  )
  await world.stripe.control.replaceEndpoints(
    started.map(({ said }) => ({ url: `http://127.0.0.1:${said.port}/`, secret: WEBHOOK_SECRET })),
  )
  return started
}

async function work(count: number): Promise<void> {
  for (let n = 0; n < count; n++)
    workers.push(await startWorker({ databaseUrl: world.databaseUrl, database: world.db }))
}

const balanceOf = async (team: TestTeam) =>
  (await readPool(world.db, { teamId: team.id, poolId: team.owner.poolId })).creditsNanos

test("one event, a hundred times at once to three processes, is kept and credited once", async () => {
  await startReceivers(3)
  const team = await createTestTeam(world.db)
  const { sessionId, customerId } = await startTestPurchase(world, team)
  await payCheckout(world, sessionId)
  const { data } = await world.stripe.control.events({
    customer: customerId,
    type: "payment_intent.succeeded",
  })
  const eventId = data[0]?.id ?? ""
  const delivering = world.stripe.control.deliver(eventId, 34)
  await work(2)
  const { statuses } = await delivering
  expect(statuses).toHaveLength(102)
  expect(new Set(statuses)).toEqual(new Set([200]))
  await until(
    () => world.db.stripeEvent.count({ where: { customerId, status: { not: "processed" } } }),
    (unfinished) => unfinished === 0,
  )
  expect(await world.db.stripeEvent.count({ where: { id: eventId } })).toBe(1)
  expect(await balanceOf(team)).toBe(usd(25))
  expect(await world.db.entry.count({ where: { teamId: team.id } })).toBe(1)
})

test("an event whose receiver is killed after its 200 is credited by whoever works next", async () => {
  const receivers = await startReceivers(1)
  const team = await createTestTeam(world.db)
  const { sessionId, customerId } = await startTestPurchase(world, team)
  await payCheckout(world, sessionId)
  await until(
    () => world.stripe.control.deliveries({ customer: customerId }),
    ({ data }) => data.length > 0 && data.every(({ state }) => state === "delivered"),
  )
  for (const { child } of receivers) await killNow(child)
  expect(await balanceOf(team)).toBe(0n)
  await work(1)
  await until(
    () => balanceOf(team),
    (balance) => balance === usd(25),
  )
})
