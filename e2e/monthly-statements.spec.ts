import { readFile } from "node:fs/promises"
import { usd } from "@/dev/testing/ledger"
import { pdfPages } from "@/dev/testing/pdf-text"
import { buyCredits, spendCredits, withoutIncluded } from "@/dev/testing/pools"
import { makeThisMonth } from "@/dev/testing/statements"
import { monthInWords, monthOf } from "@/lib/statements/month"
import { expect, test } from "./fixtures"

test("an Owner reads a month’s statement, on the screen and on paper, and takes it away as a file", async ({
  page,
  db,
  team,
  signInAs,
  expectAccessible,
}) => {
  await withoutIncluded(db, team)
  const path = `/${team.slug}/settings/account/billing/statements`
  await signInAs(team.owner)
  await page.goto(path)
  await expect(page.getByText("No statements yet")).toBeVisible()

  for (const member of [team.owner, team.member]) await buyCredits(db, team, member, usd(25))
  await spendCredits(db, team, team.owner, 4_820_000_001n)
  await makeThisMonth(db, team)
  await page.reload()
  const month = monthOf(new Date())
  const row = page.getByRole("table", { name: "Statements" }).getByRole("row").nth(1)
  await expect(row).toContainText(`ST-${month}-0001`)
  await expect(row).toContainText("$45.17")
  await expectAccessible()

  await row.getByRole("link", { name: monthInWords(month), exact: true }).click()
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(monthInWords(month))
  const all = page.getByRole("table", { name: "All pools: balances" })
  await expect(all.getByRole("row").last()).toContainText("$45.179999999")
  const own = page.getByRole("table", { name: "OWNER of the test: Used by consumable" })
  await expect(own).toContainText("$4.820000001")
  await expect(page.getByRole("table", { name: "MEMBER of the test: Payments and refunds" })).toContainText(
    "$25.00",
  )
  await expectAccessible()

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download PDF" }).click(),
  ])
  expect(download.suggestedFilename()).toBe(`ST-${month}-0001.pdf`)
  expect(pdfPages(await readFile(await download.path())).flat()).toContain("$45.179999999")
  const csv = await page.request.get(`/api/teams/${team.slug}/statements/${month}.csv`)
  expect([csv.status(), csv.headers()["content-type"]]).toEqual([200, "text/csv; charset=utf-8"])
  for (const file of ["1999-01.pdf", "2026-13.pdf", `${month}.exe`, `${month}.pdf.csv`, "x"])
    expect((await page.request.get(`/api/teams/${team.slug}/statements/${file}`)).status(), file).toBe(404)

  await page.emulateMedia({ media: "print" })
  await expect(page.getByRole("banner")).toBeHidden()
  await expect(page.getByRole("link", { name: "Download PDF" })).toBeHidden()
  await expect(all).toBeVisible()
})
