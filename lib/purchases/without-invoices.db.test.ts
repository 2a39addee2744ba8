import { expect, test } from "vitest"
import { prepareTopUp, runTopUp, spendDown } from "@/dev/testing/auto-top-up"
import { credit, readPool, usd } from "@/dev/testing/ledger"
import { payCheckout, startTestPurchase } from "@/dev/testing/purchases"
import { createTestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { stripeAt } from "@/stand-in/testing"

const world = testWorld({ CREDIT_INVOICES: "0" })

test("with invoices off, a purchase and a top-up have none, and are credited all the same", async () => {
  const team = await createTestTeam(world.db, { plan: "free" })
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  const { sessionId, customerId } = await startTestPurchase(world, team)
  await payCheckout(world, sessionId)
  await credit(world.db, pool, usd(20))
  await prepareTopUp(world, team)
  await spendDown(world, pool, usd(15))
  await runTopUp(world, team)
  expect((await readPool(world.db, pool)).creditsNanos).toBe(usd(55))
  const stripe = stripeAt(world.stripe.url)
  expect((await stripe.checkout.sessions.retrieve(sessionId)).invoice_creation).toMatchObject({
    enabled: false,
  })
  expect((await stripe.invoices.list({ customer: customerId })).data).toEqual([])
  const jobs = await world.db.$queryRaw`
    SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = 'invoice-top-up'`
  expect(jobs).toEqual([])
})
