import { afterEach, expect, test } from "vitest"
import { until } from "@/e2e/stripe/testing"
import { readPool, usd } from "@/e2e/testing/ledger"
import { payCheckout, startTestPurchase } from "@/e2e/testing/purchases"
import { createTestTeam } from "@/e2e/testing/teams"
import { receiveWebhooks } from "@/e2e/testing/webhooks"
import { testWorld } from "@/e2e/testing/world"
import { connectDb, type Db } from "@/lib/db/client"
import { listPools } from "@/lib/pools/queries"
import { settlePurchase } from "@/lib/purchases/settle-purchase"
import { startWorker } from "./worker"

const world = testWorld()
receiveWebhooks(world)
const POOL_SIZE = 4
const WAITING = 30

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  await world.stripe.control.clearFaults()
})

/** A process's own connections, as few as they may be. */
function ownConnections(name: string) {
  const url = new URL(world.databaseUrl)
  url.searchParams.set("application_name", name)
  const db = connectDb(url.href, POOL_SIZE)
  stops.push(() => db.$disconnect())
  return db
}

/** A worker that lost its queue ends, and is started again by whoever supervises it. */
async function superviseWorker(database: Db): Promise<void> {
  let isOver = false
  let worker = await startWorker({ databaseUrl: world.databaseUrl, database })
  const supervised = (async () => {
    while (!isOver) {
      await worker.ended.catch(() => undefined)
      await worker.stop().catch(() => undefined)
      // Its connection may be cut while it starts, too.
      while (!isOver) {
        const next = await startWorker({ databaseUrl: world.databaseUrl, database }).catch(() => null)
        if (!next) continue
        worker = next
        break
      }
    }
    await worker.stop().catch(() => undefined)
  })()
  stops.push(async () => {
    isOver = true
    await worker.stop().catch(() => undefined)
    await supervised
  })
}

test("while Stripe hangs, whoever waits for it holds no connection, and balances are read at once", async () => {
  const team = await createTestTeam(world.db)
  const { ref, sessionId } = await startTestPurchase(world, team)
  await payCheckout(world, sessionId)
  const path = `/v1/checkout/sessions/${sessionId}`
  await world.stripe.control.fault({ match: { path }, times: 999, fault: { kind: "hang", ms: 1_500 } })
  const db = ownConnections("hanging")
  let isOver = false
  const waiting = Promise.all(
    Array.from({ length: WAITING }, () => settlePurchase({ db, now: new Date() }, ref)),
  ).finally(() => {
    isOver = true
  })
  await until(
    () => world.stripe.control.requests({ path }),
    ({ count }) => count >= WAITING,
  )
  for (let read = 0; read < 20; read++)
    expect(await listPools(db, { id: team.id, lowBalanceThresholdNanos: 0n })).toHaveLength(3)
  const [held] = await world.db.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`
  expect(held?.count).toBe(0n)
  expect(isOver).toBe(false)
  await waiting
  expect((await readPool(world.db, { teamId: team.id, poolId: team.owner.poolId })).creditsNanos).toBe(
    usd(25),
  )
})

test("connections that are cut again and again while events are worked off lose and double nothing", async () => {
  const teams = await Promise.all(Array.from({ length: 10 }, () => createTestTeam(world.db)))
  await Promise.all(
    teams.map(async (team) => {
      const { sessionId } = await startTestPurchase(world, team)
      await payCheckout(world, sessionId)
    }),
  )
  await until(
    () => world.db.stripeEvent.count({ where: { status: "received" } }),
    (kept) => kept >= 2 * teams.length,
  )
  const database = ownConnections("worked off")
  await superviseWorker(database)
  let cuts = 0
  for (let cut = 0; cut < 6; cut++) {
    const [row] = await world.db.$queryRaw<{ count: bigint }[]>`
      SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'credits-worker-liveness'`
    cuts += Number(row?.count)
    await until(
      () => world.db.stripeEvent.count({ where: { status: "processed" } }).catch(() => -1),
      (processed) => processed >= 0,
    )
  }
  expect(cuts).toBeGreaterThan(6)
  await until(
    async () => {
      // The seconds after which a job is tried again are not waited for.
      await world.db
        .$executeRaw`UPDATE graphile_worker._private_jobs SET run_at = now() WHERE locked_at IS NULL AND attempts > 0`
      return world.db.entry.count({ where: { kind: "purchase", teamId: { in: teams.map(({ id }) => id) } } })
    },
    (credited) => credited === teams.length,
    25_000,
  )
})
