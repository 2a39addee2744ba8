import { balanceOf } from "@/dev/testing/pools"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect, required, test } from "./fixtures"
import { openCheckout, openedCheckout } from "./pages/checkout"

async function tellWorker(what: "kill" | "start"): Promise<void> {
  await fetch(`${required("E2E_WORKER_CONTROL_URL")}/${what}`, { method: "POST" })
}

test.beforeEach(async ({ page, team, billingPath, signInAs }) => {
  await signInAs(team.owner)
  await page.goto(billingPath)
  await openCheckout(page)
})
test.afterEach(() => tellWorker("start"))

test("a payment whose webhook arrives while no worker runs is credited when one starts", async ({
  page,
  db,
  team,
  stripe,
}) => {
  const { sessionId, customer } = await openedCheckout(db, team)
  await page.goto("about:blank")
  await tellWorker("kill")
  await stripe.pay(sessionId)
  await expect
    .poll(
      async () =>
        (await stripe.deliveries({ customer })).data.filter(({ state }) => state === "delivered").length,
    )
    .toBeGreaterThan(0)
  expect(await balanceOf(db, team, team.owner)).toBe(0n)
  await tellWorker("start")
  await expect.poll(() => balanceOf(db, team, team.owner)).toBe(25n * NANOS_PER_USD)
})

test("a payment whose worker is killed in the middle of it is credited once by the next worker", async ({
  page,
  db,
  team,
  stripe,
}) => {
  const { sessionId, customer } = await openedCheckout(db, team)
  await page.goto("about:blank")
  for (const path of [`/v1/checkout/sessions/${sessionId}`, "/v1/payment_intents/*"])
    await stripe.fault({ match: { method: "GET", path }, times: 5, fault: { kind: "hang", ms: 8_000 } })
  await stripe.pay(sessionId)
  const lockedJobs = async (olderThan: string) => {
    const [row] = await db.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) FROM graphile_worker._private_jobs
      WHERE locked_by IS NOT NULL AND locked_at < now() - ${olderThan}::interval`
    return Number(row?.count)
  }
  await expect.poll(() => lockedJobs("0 seconds")).toBeGreaterThan(0)
  await tellWorker("kill")
  await stripe.clearFaults()
  // The next worker frees a dead one's jobs once they have been locked for five seconds.
  await expect.poll(() => lockedJobs("5 seconds"), { timeout: 15_000 }).toBeGreaterThan(0)
  expect(await balanceOf(db, team, team.owner)).toBe(0n)
  await tellWorker("start")
  await expect.poll(() => balanceOf(db, team, team.owner), { timeout: 25_000 }).toBe(25n * NANOS_PER_USD)
  expect((await stripe.payments({ customer })).count).toBe(1)
  expect(await db.entry.count({ where: { teamId: team.id, bucket: "credits" } })).toBe(1)
})
