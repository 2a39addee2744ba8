import { expect } from "./fixtures"
import { LONG, test } from "./pages/shoot"

test("profile", async ({ page, db, team, signInAs, signInInstead, shoot }) => {
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam" } })
  await signInAs(team.owner)
  const path = `/${team.slug}/settings/profile`
  await page.goto(path)
  await shoot("profile")
  await page.getByLabel("Name").fill(" ")
  await page.getByRole("button", { name: "Save" }).click()
  await shoot("profile-error")
  const wanted = `${crypto.randomUUID()}@example.com`
  await page.getByLabel("Email").fill(wanted)
  await page.getByRole("button", { name: "Change" }).click()
  await expect(page.getByText("Confirm your new address")).toBeVisible()
  await shoot("profile-pending")
  const mail = await db.outboxMail.findFirstOrThrow({ where: { recipient: wanted } })
  await page.goto(/\/account\/email\?token=\S+/.exec(mail.bodyText)?.[0] ?? "")
  await shoot("profile-confirm")
  await page.goto("/account/email?token=old")
  await shoot("profile-link-old")
  await db.user.update({ where: { id: team.owner.userId }, data: { name: LONG } })
  await page.goto("/account")
  await shoot("account-without-team")
  await signInInstead(team.member)
  await page.goto(path)
  await page.getByRole("button", { name: "Delete account" }).click()
  await expect(page.getByRole("dialog")).toBeVisible()
  await shoot("profile-delete")
})
