import { usd } from "@/dev/testing/ledger"
import { balanceOf, buyCredits } from "@/dev/testing/pools"
import { SESSION_COOKIE, startTestSession } from "@/dev/testing/sessions"
import { toPublicId } from "@/lib/ids"
import { expect, test } from "./fixtures"

test("an Admin who is made a Member and then removed loses the open page each time", async ({
  page,
  browser,
  db,
  team,
  billingPath,
  signInAs,
  watched,
  expectAccessible,
}) => {
  watched.allow(/404/)
  await db.user.update({ where: { id: team.admin.userId }, data: { name: "Lin Zhou" } })
  await buyCredits(db, team, team.admin, usd(38.4))
  const members = `/${team.slug}/settings/members`
  const theirs = await browser.newContext({ baseURL: process.env.E2E_APP_URL ?? "" })
  const url = process.env.E2E_APP_URL ?? ""
  const value = await startTestSession(db, team.admin.userId)
  await theirs.addCookies([{ name: SESSION_COOKIE, value, url, httpOnly: true, sameSite: "Lax" }])
  const theirPage = await theirs.newPage()
  await theirPage.goto(members)
  await expect(theirPage.getByRole("button", { name: "Leave" })).toBeVisible()

  await signInAs(team.owner)
  await page.goto(members)
  await expectAccessible()
  const dialog = page.getByRole("dialog")
  await page.getByRole("button", { name: "Manage Lin Zhou" }).click()
  await expectAccessible()
  await dialog.getByLabel("Member", { exact: true }).check()
  await dialog.getByRole("button", { name: "Save role" }).click()
  await expect(page.getByRole("row", { name: /Lin Zhou.*Member/ })).toBeVisible()
  const gone = theirPage.getByText("This page doesn’t exist or you don’t have access to it.")
  await expect(gone).toBeVisible()

  await theirPage.goto(billingPath)
  await expect(theirPage.getByText("Ask an Owner or Admin")).toBeVisible()
  await page.getByRole("button", { name: "Manage Lin Zhou" }).click()
  await dialog.getByRole("button", { name: "Remove from team" }).click()
  await expect(dialog.getByText("The $38.40 they have left")).toBeVisible()
  await expectAccessible()
  await dialog.getByRole("button", { name: "Remove from team" }).click()
  const done = page.getByRole("region", { name: "Notifications" })
  await expect(done.getByText("Lin Zhou is removed. $38.40 went to your pool.")).toBeVisible()
  await expect(page.getByText("Lin Zhou", { exact: true })).toHaveCount(0)
  await expect(gone).toBeVisible()
  expect(await balanceOf(db, team, team.owner)).toBe(usd(38.4))
  await theirs.close()

  await page.goto(`${billingPath}?pool=${toPublicId("pool", team.admin.poolId)}`)
  await expect(page.getByText("Nobody draws from this pool any more, so it isn’t topped up.")).toBeVisible()
  await expect(page.getByRole("button", { name: /Purchase credits|Enable auto top-up/i })).toHaveCount(0)
})

test("ownership is offered, confirmed by mail, and accepted by the other person", async ({
  page,
  db,
  team,
  signInAs,
  signInInstead,
  watched,
  expectAccessible,
}) => {
  watched.allow(/404/)
  await db.user.update({ where: { id: team.member.userId }, data: { name: "Grace Kim" } })
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/members`)
  await page.getByRole("button", { name: "Manage Grace Kim" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByRole("button", { name: "Hand over ownership" }).click()
  await expectAccessible()
  await dialog.getByRole("button", { name: "Email me the link" }).click()
  await expect(page.getByText("You offered ownership to Grace Kim")).toBeVisible()
  await expectAccessible()

  const mailTo = { recipient: team.owner.email }
  await expect.poll(() => db.outboxMail.count({ where: mailTo })).toBe(1)
  const { bodyText } = await db.outboxMail.findFirstOrThrow({ where: mailTo })
  await page.goto(/http\S+/.exec(bodyText)?.[0] ?? "")
  await expectAccessible()
  await page.getByRole("button", { name: "Confirm" }).click()
  await expect(page.getByText("They may accept it until")).toBeVisible()

  await signInInstead(team.member)
  await page.goto(`/${team.slug}/settings/profile`)
  await expectAccessible()
  await page.getByRole("button", { name: "Become the Owner" }).click()
  await expect(page.getByText("To leave, hand over ownership first.")).toBeVisible()
  await page.goto(`/${team.slug}/settings/members`)
  await expect(page.getByRole("row", { name: /Grace Kim \(you\).*Owner/ })).toBeVisible()
})
