import { expect, test } from "./fixtures"
import { openCheckout, openedCheckout } from "./pages/checkout"

const WAITING = 15

test.afterEach(({ stripe }) => stripe.clearFaults())

test("while Stripe hangs and people wait for it, the Billing page and its neighbours answer at once", async ({
  page,
  db,
  team,
  billingPath,
  planPath,
  paymentsPath,
  stripe,
  signInAs,
}) => {
  await signInAs(team.owner)
  await page.goto(billingPath)
  await openCheckout(page)
  const { sessionId } = await openedCheckout(db, team)
  await page.goto("about:blank")
  await stripe.pay(sessionId)
  await stripe.fault({ times: 999, fault: { kind: "hang", ms: 6_000 } })
  // More than the app has database connections.
  let answered = 0
  const waiting = Array.from({ length: WAITING }, () =>
    page.request.get(`${billingPath}/return?session_id=${sessionId}`).then(() => {
      answered++
    }),
  )
  for (const path of [
    billingPath,
    planPath,
    paymentsPath,
    `${billingPath}/transactions`,
    `/${team.slug}/settings/api-keys`,
  ]) {
    const beganAt = Date.now()
    expect((await page.goto(path))?.ok()).toBe(true)
    expect(Date.now() - beganAt).toBeLessThan(3_000)
  }
  expect(answered).toBeLessThan(WAITING)
  await stripe.clearFaults()
  await Promise.all(waiting)
})
