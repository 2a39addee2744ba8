import { readFileSync } from "node:fs"
import { giveCredits, spendCredits, withoutIncluded } from "@/dev/testing/pools"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect, test } from "./fixtures"
import { openCheckout } from "./pages/checkout"

test("the history of 120 transactions turns its pages newest first, and back", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  await withoutIncluded(db, team)
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

test("a row opens what is known of it, exact to the last digit, at an address of its own", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  expectAccessible,
}) => {
  await giveCredits(db, team, team.owner, 1n * NANOS_PER_USD)
  await giveCredits(db, team, team.owner, 5n * NANOS_PER_USD)
  await spendCredits(db, team, team.owner, 1_000_000_042n)
  await spendCredits(db, team, team.owner, 42n)
  await signInAs(team.owner)
  await page.goto(`${billingPath}/transactions`)
  const rows = page.getByRole("table").locator("tbody").getByRole("row")
  await expect(rows).toHaveCount(4)
  await expect(rows.first()).toContainText("less than one cent")
  await expect(rows.nth(1)).toContainText("−$1.00")
  await expect(rows.nth(1)).toContainText("$4.99")
  const link = rows.nth(1).getByRole("link", { name: "Consumption" })
  await link.click()
  const sheet = page.getByRole("dialog", { name: "Consumption" })
  await expect(sheet).toContainText("−$1.000000042")
  await expect(sheet).toContainText("1,000,000,042 tokens")
  await expect(sheet).toContainText(/Paid by\s*Given credits\s*\$1\.00\s*Given credits\s*\$0\.000000042/)
  await expect(sheet).toContainText(/Balance before\s*\$6\.00\s*Balance after\s*\$4\.999999958/)
  await expectAccessible()
  await page.reload()
  await expect(sheet).toContainText("−$1.000000042")
  // To the grant that paid, and back along the ledger.
  await sheet.getByRole("link", { name: "Given credits" }).first().click()
  await expect(page.getByRole("dialog", { name: "Promotion" })).toContainText(
    /Went to\s*LLM tokens\s*\$1\.00/,
  )
  const promotion = page.getByRole("dialog", { name: "Promotion" })
  await promotion.getByRole("link", { name: "Newer" }).click()
  await expect(promotion).toContainText(/Balance before\s*\$1\.00/)
  await promotion.getByRole("link", { name: "Newer" }).click()
  await expect(sheet).toContainText("−$1.000000042")
  await page.keyboard.press("Escape")
  await expect(page.getByRole("dialog")).toHaveCount(0)
  await expect(rows).toHaveCount(4)

  await page.getByText("Filter", { exact: true }).click()
  await page.getByLabel("Type").selectOption("Consumption")
  await page.getByLabel("Amount from").fill("1.00")
  await page.getByRole("button", { name: "Apply" }).click()
  await expect(rows).toHaveCount(1)
  await expect(page).toHaveURL(/kind=consumption&min=1\.00/)
  await expectAccessible()
  await page.getByText("Export", { exact: true }).click()
  await expect(page.getByText("About 2 transactions")).toBeVisible()
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "JSON Lines" }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^transactions-.*\.jsonl$/)
  const lines = readFileSync(await download.path(), "utf8")
    .trim()
    .split("\n")
  expect(lines.map((line) => JSON.parse(line).amount)).toEqual(["-1.000000042"])
  await page.getByLabel("Amount from").fill("a lot")
  await page.getByRole("button", { name: "Apply" }).click()
  await expect(page.getByText("This filter doesn’t fit")).toBeVisible()
  await page.getByRole("searchbox", { name: "Reference" }).fill("ent_1_3")
  await page.getByRole("button", { name: "Search" }).click()
  await expect(rows).toHaveCount(1)
  await expect(rows).toContainText("−$1.00")
})

test("without JavaScript a transaction is a page that can be left, and the filter is a form", async ({
  browser,
  context,
  db,
  team,
  billingPath,
  signInAs,
  baseURL,
}) => {
  await giveCredits(db, team, team.owner, 5n * NANOS_PER_USD)
  await signInAs(team.owner)
  const plain = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? "" })
  await plain.addCookies(await context.cookies())
  const page = await plain.newPage()
  await page.goto(`${billingPath}/transactions?open=1`)
  await expect(page.getByRole("dialog", { name: "Promotion" })).toContainText("+$5.00")
  await page.getByRole("link", { name: "Close" }).click()
  await expect(page.getByRole("dialog")).toHaveCount(0)
  await page.getByText("Filter", { exact: true }).click()
  await page.getByLabel("Type").selectOption("Refund")
  await page.getByRole("button", { name: "Apply" }).click()
  await expect(page.getByText("No transactions match")).toBeVisible()
  await plain.close()
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
