import { balanceOf } from "@/dev/testing/pools"
import { expect, test } from "./fixtures"
import {
  bankFrame,
  checkoutFrame,
  openCheckout,
  openedCheckout,
  purchaseDialog,
  purchaseStatuses,
} from "./pages/checkout"

test.beforeEach(async ({ page, team, billingPath, signInAs }) => {
  await signInAs(team.owner)
  await page.goto(billingPath)
})

test("a declined card leaves everything as it was, and says why until the dialog is closed", async ({
  page,
  db,
  team,
  stripe,
  payWith,
}) => {
  await openCheckout(page)
  await payWith("4000000000009995")
  await expect(checkoutFrame(page).getByText("Your card has insufficient funds.")).toBeVisible()
  expect(await balanceOf(db, team, team.owner)).toBe(0n)
  expect(await db.entry.count({ where: { teamId: team.id, bucket: "credits" } })).toBe(0)

  await purchaseDialog(page).getByRole("button", { name: "Close" }).click()
  await expect(purchaseDialog(page)).toHaveCount(0)
  await expect(page.getByText("No credits yet")).toBeVisible()
  await expect.poll(() => purchaseStatuses(db, team)).toEqual(["cancelled"])
  const { customer } = await openedCheckout(db, team)
  expect((await stripe.payments({ customer })).count).toBe(0)
})

test("after a declined card another card pays in the same checkout", async ({ page, db, team, payWith }) => {
  await openCheckout(page)
  await payWith("4000000000000002")
  await expect(checkoutFrame(page).getByText("Your card was declined.")).toBeVisible()
  await payWith("5555555555554444")
  await expect(page.getByText("$25.00 added.").first()).toBeAttached()
  expect(await purchaseStatuses(db, team)).toEqual(["succeeded"])
})

test("a payment that the bank confirms is credited", async ({ page, db, team, payWith }) => {
  await openCheckout(page)
  await payWith("4000002760003184")
  await bankFrame(page).getByRole("button", { name: "Complete authentication" }).click()
  await expect(page.getByText("$25.00 added.").first()).toBeAttached()
  expect(await purchaseStatuses(db, team)).toEqual(["succeeded"])
})

test("a payment that the bank refuses stays open for another card", async ({ page, db, team, payWith }) => {
  await openCheckout(page)
  await payWith("4000002760003184")
  await bankFrame(page).getByRole("button", { name: "Fail authentication" }).click()
  await expect(
    checkoutFrame(page).getByText("We are unable to authenticate your payment method."),
  ).toBeVisible()
  expect(await balanceOf(db, team, team.owner)).toBe(0n)
  expect(await purchaseStatuses(db, team)).toEqual(["open"])
})

test("leaving while the bank asks charges nothing and ends the checkout at Stripe", async ({
  page,
  db,
  team,
  stripe,
  payWith,
}) => {
  await openCheckout(page)
  await payWith("4000002760003184")
  await expect(bankFrame(page).getByRole("button", { name: "Complete authentication" })).toBeVisible()
  await purchaseDialog(page).getByRole("button", { name: "Close" }).click()
  await expect.poll(() => purchaseStatuses(db, team)).toEqual(["cancelled"])
  const { customer, sessionId } = await openedCheckout(db, team)
  expect((await stripe.payments({ customer })).count).toBe(0)
  expect((await stripe.requests({ path: `/v1/checkout/sessions/${sessionId}/expire` })).count).toBe(1)
})

for (const way of ["Escape", "Close", "Back"] as const)
  test(`${way} in the checkout ends it, so that it can't be paid later`, async ({
    page,
    db,
    team,
    stripe,
  }) => {
    await openCheckout(page)
    if (way === "Escape") await purchaseDialog(page).press("Escape")
    else await purchaseDialog(page).getByRole("button", { name: way }).click()
    await expect.poll(() => purchaseStatuses(db, team)).toEqual(["cancelled"])
    const { sessionId } = await openedCheckout(db, team)
    await expect(stripe.pay(sessionId)).rejects.toThrow()
    expect(await balanceOf(db, team, team.owner)).toBe(0n)
  })

test("going back and choosing another amount opens another checkout for that amount", async ({
  page,
  db,
  team,
  payWith,
}) => {
  await openCheckout(page, "10.00")
  await purchaseDialog(page).getByRole("button", { name: "Back" }).click()
  await expect(page.getByLabel("Amount in USD")).toBeFocused()
  await page.getByRole("button", { name: "$50", exact: true }).click()
  await page.getByRole("button", { name: "Purchase $50.00" }).click()
  await payWith("4242424242424242")
  await expect(page.getByText("$50.00 added.").first()).toBeAttached()
  expect(await purchaseStatuses(db, team)).toEqual(["cancelled", "succeeded"])
})

test("Cancel in the first step leaves no purchase behind", async ({ page, db, team }) => {
  await page.getByRole("button", { name: "Purchase credits" }).click()
  await purchaseDialog(page).getByRole("button", { name: "Cancel" }).click()
  await expect(purchaseDialog(page)).toHaveCount(0)
  expect(await db.purchase.count({ where: { teamId: team.id } })).toBe(0)
})
