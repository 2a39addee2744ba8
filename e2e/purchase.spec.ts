import { checkoutFrame, expect, test } from "./fixtures"

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
  await expect(page.getByRole("dialog", { name: "Purchase Credits" })).toHaveCount(0)
  const row = page.getByRole("row", { name: /Purchase/ })
  await expect(row).toContainText("+$25.00")
  await expect(row).toContainText("$25.00")
})
