import { giveCredits } from "@/dev/testing/pools"
import { createTestTeam } from "@/dev/testing/teams"
import { newId } from "@/lib/ids"
import { expect } from "./fixtures"
import { LONG, test } from "./pages/shoot"

test("navigation", async ({ page, db, team, billingPath, signInAs, shoot }) => {
  for (const [name, role, nanos] of [
    ["Fabrikam", "ADMIN", 1_234_560_000_000n],
    [LONG, "MEMBER", 9_999_999_990_000_000n],
  ] as const) {
    const others = await createTestTeam(db)
    const memberId = newId()
    await db.member.create({ data: { teamId: others.id, id: memberId, userId: team.owner.userId, role } })
    const pool = await db.pool.create({ data: { teamId: others.id, id: newId(), memberId } })
    await giveCredits(db, others, { ...team.owner, memberId, poolId: pool.id }, nanos)
    await db.team.update({ where: { id: others.id }, data: { name } })
  }
  await signInAs(team.owner)
  await page.goto(billingPath)
  await page.getByRole("button", { name: "choose another team" }).click()
  await expect(page.getByRole("link", { name: /Fabrikam/ })).toBeVisible()
  await shoot("team-menu")
  await page.goto("/teams")
  await shoot("teams-balances")
  await page.goto(`/${team.slug}/settings/api-keys`)
  await page.setViewportSize({ width: 390, height: 844 })
  const menu = page.getByRole("navigation", { name: "Settings" }).getByRole("button")
  if (await menu.isVisible()) await menu.click()
  await shoot("settings-menu")
})
