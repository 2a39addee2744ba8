import { afterEach, beforeEach } from "vitest"
import { settlePurchase } from "@/lib/purchases/settle-purchase"
import { stripeAt } from "@/stand-in/testing"
import { readEntries, readPool } from "./ledger"
import { payCheckout, startTestPurchase, type TestPurchase } from "./purchases"
import { createTestTeam, type TestTeam } from "./teams"
import { testWorld } from "./world"

/** Before each test somebody pays $25 at Stripe, which isn't credited before `settle`. */
export function testPaidCheckout() {
  const world = testWorld()
  let now: { team: TestTeam; purchase: TestPurchase; charge: string } | undefined
  const current = () => {
    if (!now) throw new Error("Nobody has paid yet")
    return now
  }
  const pool = () => ({ teamId: current().team.id, poolId: current().team.owner.poolId })
  beforeEach(async () => {
    const team = await createTestTeam(world.db)
    const purchase = await startTestPurchase(world, team)
    const payment = await payCheckout(world, purchase.sessionId)
    const intent = await stripeAt(world.stripe.url).paymentIntents.retrieve(payment)
    now = { team, purchase, charge: String(intent.latest_charge) }
  })
  afterEach(async () => {
    await world.stripe.control.clearFaults()
    await world.db.stripeEvent.deleteMany()
  })
  return {
    world,
    team: () => current().team,
    purchase: () => current().purchase,
    charge: () => current().charge,
    settle: () => settlePurchase({ db: world.db, now: new Date() }, current().purchase.ref),
    pool: () => readPool(world.db, pool()),
    kinds: async () => (await readEntries(world.db, pool())).map(({ kind }) => kind),
  }
}
