import { balanceOf } from "@/dev/testing/pools"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect, test } from "./fixtures"
import { openCheckout, openedCheckout, payWithCard, purchaseStatuses } from "./pages/checkout"

const PAID = 25n * NANOS_PER_USD

test.beforeEach(async ({ page, team, billingPath, signInAs }) => {
  await signInAs(team.owner)
  await page.goto(billingPath)
})

test("a payment is credited though the tab was closed right after it", async ({ page, db, team, stripe }) => {
  await openCheckout(page)
  const { sessionId } = await openedCheckout(db, team)
  await page.goto("about:blank")
  await stripe.pay(sessionId)
  await expect.poll(() => balanceOf(db, team, team.owner)).toBe(PAID)
})

test("the same webhook a hundred times credits once", async ({ page, db, team, stripe }) => {
  await openCheckout(page)
  const { sessionId, customer } = await openedCheckout(db, team)
  await page.goto("about:blank")
  await stripe.pay(sessionId)
  await expect.poll(() => balanceOf(db, team, team.owner)).toBe(PAID)
  const { data } = await stripe.events({ customer, type: "checkout.session.completed" })
  const { statuses } = await stripe.deliver(data[0]?.id ?? "", 100)
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect(statuses).toHaveLength(100)
  expect(await balanceOf(db, team, team.owner)).toBe(PAID)
  expect(await db.entry.count({ where: { teamId: team.id, bucket: "credits" } })).toBe(1)
})

test("with every webhook lost the open dialog still credits the payment", async ({
  page,
  db,
  team,
  stripe,
  payWith,
}) => {
  await openCheckout(page)
  const { customer } = await openedCheckout(db, team)
  await stripe.webhookRule({ action: "drop", customer })
  await payWith("4242424242424242")
  await expect(page.getByText("$25.00 added.").first()).toBeAttached()
  await expect(page.getByRole("region", { name: "Credits" })).toContainText("$25.00")
  expect(await balanceOf(db, team, team.owner)).toBe(PAID)
})

test("with every webhook lost and the dialog gone, the return page credits the payment once", async ({
  page,
  db,
  team,
  billingPath,
  stripe,
}) => {
  await openCheckout(page)
  const { sessionId, customer } = await openedCheckout(db, team)
  await stripe.webhookRule({ action: "drop", customer })
  await page.goto("about:blank")
  await stripe.pay(sessionId)
  for (let visit = 0; visit < 3; visit++) {
    await page.goto(`${billingPath}/return?session_id=${sessionId}`)
    await expect(page).toHaveURL(/\/billing\?pool=pool_/)
    await expect(page.getByRole("region", { name: "Credits" })).toContainText("$25.00")
  }
  expect(await db.entry.count({ where: { teamId: team.id, bucket: "credits" } })).toBe(1)
})

test("two tabs that both pay are two credits", async ({ page, context, db, team, billingPath, payWith }) => {
  const other = await context.newPage()
  await other.goto(billingPath)
  await openCheckout(page)
  await openCheckout(other)
  const [first, second] = await db.purchase.findMany({ where: { teamId: team.id } })
  expect(first?.checkoutSessionId).not.toBe(second?.checkoutSessionId)
  await payWith("4242424242424242")
  await expect(page.getByText("$25.00 added.").first()).toBeAttached()
  await payWithCard(other, "5555555555554444")
  await expect(other.getByText("$25.00 added.").first()).toBeAttached()
  await expect(other.getByRole("region", { name: "Credits" })).toContainText("$50.00")
  expect(await db.entry.count({ where: { teamId: team.id, bucket: "credits" } })).toBe(2)
})

test("two tabs of one session are one credit", async ({ page, context, db, team, billingPath, stripe }) => {
  await openCheckout(page)
  const { sessionId } = await openedCheckout(db, team)
  await stripe.pay(sessionId)
  const other = await context.newPage()
  const returnPath = `${billingPath}/return?session_id=${sessionId}`
  await Promise.all([page.goto(returnPath), other.goto(returnPath)])
  for (const each of [page, other])
    await expect(each.getByRole("region", { name: "Credits" })).toContainText("$25.00")
  expect(await db.entry.count({ where: { teamId: team.id, bucket: "credits" } })).toBe(1)
  expect(await purchaseStatuses(db, team)).toEqual(["succeeded"])
})

test("a payment that is under way is shown in grey and turns by itself when it settles", async ({
  page,
  db,
  team,
  stripe,
  payWith,
}) => {
  await openCheckout(page)
  const { sessionId, customer } = await openedCheckout(db, team)
  await stripe.nextPayment({ kind: "processing", customer })
  await payWith("4242424242424242")
  await expect(page.getByRole("status").filter({ hasText: "Payment is processing." })).toHaveCount(1)
  const row = page.getByRole("table", { name: "Recent Transactions" }).getByRole("row", { name: /Purchase/ })
  await expect(row).toContainText("Processing")
  expect(await balanceOf(db, team, team.owner)).toBe(0n)

  await stripe.settle(sessionId, { outcome: "succeed" })
  await expect(row).not.toContainText("Processing")
  await expect(row).toContainText("+$25.00")
  await expect(page.getByRole("region", { name: "Credits" })).toContainText("$25.00")
})

test("a payment that was under way and fails disappears and leaves the balance", async ({
  page,
  db,
  team,
  stripe,
  payWith,
}) => {
  await openCheckout(page)
  const { sessionId, customer } = await openedCheckout(db, team)
  await stripe.nextPayment({ kind: "processing", customer })
  await payWith("4242424242424242")
  await expect(
    page.getByRole("table", { name: "Recent Transactions" }).getByRole("row", { name: /Purchase/ }),
  ).toContainText("Processing")
  await stripe.settle(sessionId, { outcome: "fail" })
  await expect(
    page.getByRole("table", { name: "Recent Transactions" }).getByRole("row", { name: /Purchase/ }),
  ).toHaveCount(0)
  await expect(page.getByText("No credits yet")).toBeVisible()
  expect(await balanceOf(db, team, team.owner)).toBe(0n)
  expect(await purchaseStatuses(db, team)).toEqual(["failed"])
})
