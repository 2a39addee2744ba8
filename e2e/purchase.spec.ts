import { balanceOf, giveCredits } from "@/dev/testing/pools"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect, test } from "./fixtures"
import { checkoutFrame, openCheckout, purchaseDialog } from "./pages/checkout"
import { choosePool, openPools } from "./pages/pools"

test.describe("with everything that moves", () => {
  test.use({ contextOptions: { reducedMotion: "no-preference" } })

  test("the Owner buys $25 and sees the balance and the transaction without a reload", async ({
    page,
    team,
    billingPath,
    signInAs,
    payWith,
  }) => {
    await signInAs(team.owner)
    await page.goto(billingPath)
    await expect(page.getByText("No credits yet")).toBeVisible()

    await page.getByRole("button", { name: "Purchase credits" }).click()
    await page.getByRole("button", { name: "$25", exact: true }).click()
    await expect(page.getByRole("dialog")).toContainText(/New balance\s*\$25\.00/)
    await page.getByRole("button", { name: "Purchase $25.00" }).click()
    await expect(checkoutFrame(page).getByText("Stripe stand-in: no real money")).toBeVisible()
    await payWith("4242424242424242")

    await expect(page.getByRole("status").filter({ hasText: "$25.00 added." })).toHaveCount(1)
    await expect(page.getByRole("link", { name: "View receipt" })).toHaveAttribute("href", /\/receipts\/ch_/)
    await expect(purchaseDialog(page)).toHaveCount(0)
    const row = page
      .getByRole("table", { name: "Recent Transactions" })
      .getByRole("row", { name: /Purchase/ })
    await expect(row).toContainText("+$25.00")
    await expect(row).toContainText("$25.00")
  })
})

test("an Admin's page opens on the Admin's own pool, and the Admin buys for the Owner's", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  payWith,
}) => {
  await giveCredits(db, team, team.owner, 7n * NANOS_PER_USD)
  await signInAs(team.admin)
  await page.goto(billingPath)
  const card = page.getByRole("region", { name: /^ADMIN of the test’s credits/ })
  await expect(card).toContainText("No credits yet")
  await expect(card).toContainText("Team total $7.00")
  const pools = await openPools(page)
  await expect(pools.getByRole("link", { name: /ADMIN of the test/ })).toHaveAttribute("aria-current", "true")
  await page.keyboard.press("Escape")
  await choosePool(page, "OWNER of the test")
  await expect(page.getByRole("region", { name: /^OWNER of the test’s credits/ })).toContainText("$7.00")

  await openCheckout(page, "10.00")
  await payWith("4242424242424242")
  await expect(page.getByRole("status").filter({ hasText: "$10.00 added." })).toHaveCount(1)
  // Without waiting, because remarks on the balance come together with the balance.
  expect(await page.getByRole("region", { name: "Credits" }).textContent()).toContain("$17.00")
  expect(await balanceOf(db, team, team.owner)).toBe(17n * NANOS_PER_USD)
  expect(await balanceOf(db, team, team.admin)).toBe(0n)
})

test("another pool is chosen from the list of pools, named in the dialog, and credited", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  payWith,
}) => {
  await signInAs(team.owner)
  await page.goto(billingPath)
  await choosePool(page, "MEMBER of the test")
  await page.getByRole("button", { name: "Purchase credits" }).click()
  await expect(purchaseDialog(page)).toContainText("Adds to MEMBER of the test’s credits")
  await page.getByRole("button", { name: "Purchase $10.00" }).click()
  await payWith("4242424242424242")

  await expect(page.getByRole("region", { name: "Credits" })).toContainText("$10.00")
  await expect((await openPools(page)).getByRole("link", { name: /MEMBER of the test/ })).toContainText(
    "$10.00",
  )
  expect(await balanceOf(db, team, team.member)).toBe(10n * NANOS_PER_USD)
  expect(await balanceOf(db, team, team.owner)).toBe(0n)
})

test("the card of the first purchase is offered for the second", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  payWith,
}) => {
  await signInAs(team.owner)
  await page.goto(billingPath)
  await openCheckout(page)
  await payWith("5555555555554444")
  await expect(page.getByText("$25.00 added.").first()).toBeAttached()

  await openCheckout(page, "10.00")
  await expect(checkoutFrame(page).getByRole("radio", { name: /Mastercard •••• 4444/ })).toBeChecked()
  await checkoutFrame(page).getByRole("button", { name: "Pay $10.00" }).click()
  await expect(page.getByText("$10.00 added.").first()).toBeAttached()
  await expect(page.getByRole("region", { name: "Credits" })).toContainText("$35.00")
  expect(await balanceOf(db, team, team.owner)).toBe(35n * NANOS_PER_USD)
})

test("the new balance is shown before paying and follows what is typed", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  await giveCredits(db, team, team.owner, 42_180_000_000n)
  await signInAs(team.owner)
  await page.goto(billingPath)
  await page.getByRole("button", { name: "Purchase credits" }).click()
  const dialog = purchaseDialog(page)
  await expect(dialog).toContainText(/New balance\s*\$52\.18/)
  await dialog.getByRole("button", { name: "$250" }).click()
  await expect(dialog).toContainText(/New balance\s*\$292\.18/)
  await dialog.getByLabel("Amount in USD").fill("12.34")
  await expect(dialog).toContainText(/New balance\s*\$54\.52/)
  await expect(dialog.getByRole("button", { name: "Purchase $12.34" })).toBeVisible()
  await expect(dialog).toContainText("Credits never expire. Not refundable except where required by law.")
})

test("the keyboard alone buys credits, and the focus returns to the button", async ({
  page,
  team,
  billingPath,
  signInAs,
}) => {
  await signInAs(team.owner)
  await page.goto(billingPath)
  const button = page.getByRole("button", { name: "Purchase credits" })
  // Past the header and the navigation.
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press("Tab")
    if (await button.evaluate((element) => element === document.activeElement)) break
  }
  await expect(button).toBeFocused()

  await page.keyboard.press("Enter")
  await expect(page.getByLabel("Amount in USD")).toBeFocused()
  await page.keyboard.press("Escape")
  await expect(purchaseDialog(page)).toHaveCount(0)
  await expect(button).toBeFocused()

  await page.keyboard.press("Enter")
  await expect(page.getByLabel("Amount in USD")).toBeFocused()
  await page.keyboard.press("ControlOrMeta+a")
  await page.keyboard.type("6.50")
  await page.keyboard.press("Enter")
  const checkout = checkoutFrame(page)
  await expect(checkout.getByRole("button", { name: "Pay $6.50" })).toBeVisible()
  const number = checkout.getByLabel("Card number")
  for (let presses = 0; presses < 8; presses++) {
    await page.keyboard.press("Tab")
    if (await number.evaluate((element) => element === document.activeElement)) break
  }
  for (const text of ["4242424242424242", "1234", "123", "Ada Marlow"]) {
    await page.keyboard.type(text)
    await page.keyboard.press("Tab")
  }
  await page.keyboard.press("Enter")
  await expect(page.getByText("$6.50 added.").first()).toBeAttached()
  await expect(purchaseDialog(page)).toHaveCount(0)
  await expect(button).toBeFocused()
})
