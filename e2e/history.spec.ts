import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect, test } from "./fixtures"
import { openCheckout } from "./testing/checkout"
import { giveCredits, spendCredits } from "./testing/pools"

test("the history of 120 transactions turns its pages newest first, and back", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  await giveCredits(db, team, team.owner, 500n * NANOS_PER_USD)
  for (let n = 1; n < 120; n++) await spendCredits(db, team, team.owner, BigInt(n) * 10_000_000n)
  await signInAs(team.owner)
  await page.goto(billingPath)
  await page.getByRole("link", { name: "History" }).click()
  await expect(page.getByRole("heading", { name: "Transactions" })).toBeVisible()
  const rows = page.getByRole("table").locator("tbody").getByRole("row")
  const older = page.getByRole("link", { name: "Older" })
  const newer = page.getByRole("link", { name: "Newer" })

  await expect(rows).toHaveCount(50)
  await expect(rows.first()).toContainText("−$1.19")
  await expect(rows.last()).toContainText("−$0.70")
  await expect(newer).toHaveCount(0)
  await older.click()
  await expect(rows.first()).toContainText("−$0.69")
  await expect(rows).toHaveCount(50)
  await older.click()
  await expect(rows.first()).toContainText("−$0.19")
  await expect(rows).toHaveCount(20)
  await expect(rows.last()).toContainText("+$500.00")
  await expect(older).toHaveCount(0)

  await spendCredits(db, team, team.owner, 50_000_000_000n)
  await newer.click()
  await expect(rows.first()).toContainText("−$0.69")
  await expect(rows.last()).toContainText("−$0.20")
  await newer.click()
  await expect(rows.first()).toContainText("−$1.19")
  await newer.click()
  await expect(rows.first()).toContainText("−$50.00")
  await expect(newer).toHaveCount(0)
})

test("an address beyond the ends of the history still leads back into it", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  await giveCredits(db, team, team.owner, 5n * NANOS_PER_USD)
  await signInAs(team.owner)
  for (const cursor of ["before=1", "before=0", "after=1", "after=9223372036854775807"]) {
    await page.goto(`${billingPath}/transactions?${cursor}`)
    await expect(page.getByRole("heading", { name: "Transactions" })).toBeVisible()
    await expect(page.getByText("No transactions yet")).toBeVisible()
    await page.getByRole("link", { name: "Billing" }).last().click()
    await expect(page.getByRole("region", { name: "Credits" })).toContainText("$5.00")
  }
})

test("what a cent can't hold is exact in the history", async ({ page, db, team, billingPath, signInAs }) => {
  await giveCredits(db, team, team.owner, 5n * NANOS_PER_USD)
  await spendCredits(db, team, team.owner, 125_000n)
  await signInAs(team.owner)
  await page.goto(`${billingPath}/transactions`)
  const row = page.getByRole("row", { name: /Consumption/ })
  await expect(row).toContainText("−$0.000125")
  await expect(row).toContainText("$4.999875")
  await spendCredits(db, team, team.owner, 42n)
  await page.reload()
  await expect(page.getByRole("row", { name: /less than a millionth of a dollar/ })).toContainText(
    "−<$0.000001",
  )
})

test("a purchase keeps its receipt, on the card and in the history", async ({
  page,
  context,
  team,
  billingPath,
  signInAs,
  payWith,
}) => {
  await signInAs(team.owner)
  await page.goto(billingPath)
  await openCheckout(page, "10.00")
  await payWith("4242424242424242")
  await expect(page.getByText("$10.00 added.").first()).toBeAttached()
  for (const path of [billingPath, `${billingPath}/transactions`]) {
    await page.goto(path)
    const receipt = page.getByRole("row", { name: /Purchase/ }).getByRole("link", { name: "Receipt" })
    await expect(receipt).toHaveAttribute("rel", "noopener noreferrer")
    const opened = context.waitForEvent("page")
    await receipt.click()
    const other = await opened
    await expect(other.getByText("$10.00").first()).toBeVisible()
    await other.close()
  }
})
