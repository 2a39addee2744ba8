import { afterEach, expect, test } from "vitest"
import { readPool, usd } from "@/dev/testing/ledger"
import { payCheckout, startTestPurchase } from "@/dev/testing/purchases"
import { createTestTeam } from "@/dev/testing/teams"
import { receiveWebhooks } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { connectDb } from "@/lib/db/client"
import { listPools } from "@/lib/pools/queries"
import { settlePurchase } from "@/lib/purchases/settle-purchase"
import { until } from "@/stand-in/testing"

const world = testWorld()
receiveWebhooks(world)
const POOL_SIZE = 4
const WAITING = 30

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  await world.stripe.control.clearFaults()
})

/** A process's own connections, as few as possible. */
function ownConnections(name: string) {
  const url = new URL(world.databaseUrl)
  url.searchParams.set("application_name", name)
  const db = connectDb(url.href, POOL_SIZE)
  stops.push(() => db.$disconnect())
  return db
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
