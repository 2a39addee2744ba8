import { usd } from "@/dev/testing/ledger"
import { balanceOf, buyCredits, withoutIncluded } from "@/dev/testing/pools"
import { SESSION_COOKIE, startTestSession } from "@/dev/testing/sessions"
import { expect, required, test } from "./fixtures"

test("a Member asks for credits, the Owner approves another amount, and both pages follow", async ({
  page,
  browser,
  db,
  team,
  billingPath,
  signInAs,
  expectAccessible,
}) => {
  await withoutIncluded(db, team)
  await buyCredits(db, team, team.owner, usd(30))
  await db.user.update({ where: { id: team.member.userId }, data: { name: "Grace Kim" } })
  const theirs = await browser.newContext({ baseURL: required("E2E_APP_URL") })
  const value = await startTestSession(db, team.owner.userId)
  await theirs.addCookies([{ name: SESSION_COOKIE, value, url: required("E2E_APP_URL") }])
  const owners = await theirs.newPage()
  await owners.goto(billingPath)

  await signInAs(team.member)
  await page.goto(billingPath)
  await page.getByRole("button", { name: "Request credits" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel("Amount (USD)").fill("50")
  await dialog.getByRole("button", { name: "Send request" }).click()
  await expect(dialog.getByText("Say what you need the credits for.")).toBeVisible()
  await expectAccessible()
  await dialog.getByLabel("What for").fill("Nightly evals")
  await dialog.getByRole("button", { name: "Send request" }).click()
  const card = page.getByRole("region", { name: "Credits" })
  await expect(card.getByText("You asked for $50.00")).toBeVisible()
  await expect(page.getByRole("button", { name: "Request credits" })).toHaveCount(0)
  await expectAccessible()
  await expect
    .poll(() => db.outboxMail.count({ where: { subject: { contains: "Grace Kim asks for $50.00" } } }))
    .toBe(2)

  const open = owners.getByRole("region", { name: "Requests for credits" })
  await expect(open.getByText("Grace Kim asks for $50.00")).toBeVisible()
  await owners.getByRole("button", { name: "Approve the request of Grace Kim" }).click()
  const answer = owners.getByRole("dialog")
  await expect(answer.getByText("Your pool has $30.00 of bought credits to give.")).toBeVisible()
  await expect(answer.getByRole("button", { name: "Approve" })).toBeDisabled()
  await answer.getByRole("link", { name: "Buy credits first" }).click()
  await expect(owners.getByRole("dialog", { name: "Purchase Credits" })).toBeVisible()
  await owners.goBack()
  await owners.getByRole("button", { name: "Approve the request of Grace Kim" }).click()
  await answer.getByLabel("Amount to move").fill("20")
  await expect(answer.getByText("Leaves $10.00 of bought credits in your own pool.")).toBeVisible()
  await answer.getByRole("button", { name: "Approve" }).click()
  await expect(owners.getByRole("heading", { name: "Requests for credits" })).toHaveCount(0)

  await expect(card.getByText("Your request for $50.00 was approved")).toBeVisible()
  await expect(card.getByText("OWNER of the test moved $20.00 to your pool")).toBeVisible()
  await expect(card).toContainText("$20.00")
  await expectAccessible()
  expect(await balanceOf(db, team, team.owner)).toBe(usd(10))

  await owners.goto(`/${team.slug}/settings/audit-log`)
  await owners.getByRole("link", { name: "See the transaction" }).click()
  await expect(owners.getByRole("main").getByText("“Nightly evals”")).toBeVisible()
  await owners.getByRole("link", { name: "Grace Kim asked for $50.00" }).click()
  await expect(owners.getByText("approved the request for credits of Grace Kim")).toBeVisible()
  await theirs.close()
})

test("an Admin declines with a word, and the Owner moves credits without being asked", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  signInInstead,
  expectAccessible,
}) => {
  await withoutIncluded(db, team)
  await buyCredits(db, team, team.owner, usd(30))
  await db.user.update({ where: { id: team.member.userId }, data: { name: "Grace Kim" } })
  await db.creditRequest.create({
    data: { teamId: team.id, memberId: team.member.memberId, amountNanos: usd(50), reason: "Evals" },
  })
  await signInAs(team.admin)
  await page.goto(billingPath)
  await expectAccessible()
  await expect(page.getByRole("button", { name: "Move credits" })).toHaveCount(0)
  await page.getByRole("button", { name: "Decline the request of Grace Kim" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel("Why").fill("Use the shared key")
  await expectAccessible()
  await dialog.getByRole("button", { name: "Decline" }).click()
  await expect(page.getByRole("heading", { name: "Requests for credits" })).toHaveCount(0)

  await signInInstead(team.owner)
  await page.goto(billingPath)
  await page.getByRole("button", { name: "Move credits" }).click()
  await dialog.getByLabel("To the pool of").selectOption({ label: "Grace Kim ($0.00)" })
  await dialog.getByLabel("Amount (USD)").fill("31")
  await dialog.getByRole("button", { name: "Move credits" }).click()
  await expect(dialog.getByText("Only $30.00 of bought credits can be moved.")).toBeVisible()
  await dialog.getByLabel("Amount (USD)").fill("12.50")
  await expect(dialog.getByText("Grace Kim then has")).toBeVisible()
  await expectAccessible()
  await dialog.getByRole("button", { name: "Move credits" }).click()
  const done = page.getByRole("region", { name: "Notifications" })
  await expect(done.getByText("$12.50 moved to Grace Kim’s pool.")).toBeVisible()

  await signInInstead(team.member)
  await page.goto(billingPath)
  const card = page.getByRole("region", { name: "Credits" })
  await expect(card).toContainText("$12.50")
  await expect(card.getByText("Your request for $50.00 was declined")).toBeVisible()
  await expect(card.getByText("ADMIN of the test: “Use the shared key”")).toBeVisible()
  await expect(page.getByRole("button", { name: "Request credits" })).toBeVisible()
})
