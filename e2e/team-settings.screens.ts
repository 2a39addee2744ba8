import { giveCredits } from "@/dev/testing/pools"
import { expect } from "./fixtures"
import { LONG, test } from "./pages/shoot"

test("team settings", async ({ page, db, team, signInAs, signInInstead, shoot }) => {
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam" } })
  await giveCredits(db, team, team.owner, 9_999_999_990_000_000n)
  await signInAs(team.owner)
  const path = `/${team.slug}/settings/general`
  await page.goto(path)
  await shoot("general")
  await page.getByLabel("Web address").fill("api")
  await page.getByRole("button", { name: "Change" }).click()
  await expect(page.getByText("This address is reserved.")).toBeVisible()
  await shoot("general-error")
  await page.getByLabel("Tax ID", { exact: true }).fill("DE1")
  await page.getByLabel("City").fill("Berlin")
  await page.getByRole("button", { name: "Save billing details" }).click()
  await shoot("general-billing-error")
  await page.getByRole("button", { name: "Delete team" }).click()
  await expect(page.getByRole("dialog")).toBeVisible()
  await shoot("general-delete")
  await page.keyboard.press("Escape")
  await db.purchase.create({
    data: {
      teamId: team.id,
      poolId: team.owner.poolId,
      amountNanos: 10_000_000_000n,
      requestKey: crypto.randomUUID(),
      requestedByMemberId: team.owner.memberId,
      kind: "one_time",
      expiresAt: new Date(Date.now() + 3_600_000),
    },
  })
  await db.team.update({ where: { id: team.id }, data: { name: LONG } })
  await page.goto(path)
  await shoot("general-in-flight")
  await signInInstead(team.admin)
  await page.goto(path)
  await shoot("general-admin")
})
