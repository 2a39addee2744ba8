import { toPublicId } from "@/lib/ids"
import { expect, test } from "./fixtures"
import { reportTwoWeeks } from "./pages/usage"

test("an Owner finds who used what and why it cost that, and the address says it all", async ({
  page,
  db,
  request,
  team,
  billingPath,
  signInAs,
  expectAccessible,
}) => {
  await reportTwoWeeks({ db, request }, team)
  const path = `${billingPath}/usage`
  await signInAs(team.owner)
  await page.goto(path)
  const table = page.getByRole("table", { name: /^Usage by consumable/ })
  const row = (name: string) =>
    page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) })
  await expect(row("LLM tokens")).toContainText("28")
  await expect(table.getByRole("columnheader", { name: "Cost" })).toHaveAttribute("aria-sort", "descending")
  await expectAccessible()

  await table.getByRole("link", { name: "Records" }).click()
  await expect(page).toHaveURL(`${path}?sort=records`)
  await page.getByRole("link", { name: "Member", exact: true }).click()
  const member = toPublicId("member", team.member.memberId)
  await row("MEMBER of the test").getByRole("link").click()
  await expect(page.getByRole("heading", { name: "Records in the last 30 days" })).toBeVisible()
  await expect(page).toHaveURL(new RegExp(`by=member&.*member=${member}`))
  await expect(page.getByRole("table", { name: "Records" }).getByRole("row")).toHaveCount(15)
  await expectAccessible()
  await page.getByRole("link", { name: "Back to usage" }).click()
  await expect(row("MEMBER of the test")).toBeVisible()

  await page.getByText("Filter", { exact: true }).click()
  await page.getByLabel("Consumable").selectOption("SMS")
  await page.getByRole("button", { name: "Apply" }).click()
  await expect(page).toHaveURL(/consumable=sms/)
  await expect(row("MEMBER of the test")).toHaveCount(0)
  await page.goto(`${path}?range=custom&from=2026-02-29&to=2026-03-01`)
  await expect(page.getByText("Give a day from 2000 on, such as 2026-11-30.")).toBeVisible()
})

test("a Member sees their own usage, and its costs only once the team shows them", async ({
  page,
  db,
  request,
  team,
  billingPath,
  signInAs,
  signInInstead,
  expectAccessible,
}) => {
  await reportTwoWeeks({ db, request }, team)
  await signInAs(team.member)
  await page.goto(`${billingPath}/usage`)
  const main = page.getByRole("main")
  await expect(main).toContainText("14 records of usage in the last 30 days")
  await expect(main.getByRole("table", { name: /^Usage/ })).not.toContainText("$")
  await expectAccessible()

  await signInInstead(team.owner)
  await page.goto(`/${team.slug}/settings/general`)
  await page.getByLabel("What Members see of their usage").selectOption("Units and costs")
  await expect(page.getByRole("status").getByText("Saved.")).toBeVisible()
  await signInInstead(team.member)
  await page.goto(`${billingPath}/usage`)
  await expect(main.getByRole("columnheader", { name: "Cost" })).toBeVisible()
  await expect(main).toContainText("$")
})
