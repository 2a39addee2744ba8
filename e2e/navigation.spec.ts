import { giveCredits } from "@/dev/testing/pools"
import { createTestTeam } from "@/dev/testing/teams"
import { newId } from "@/lib/ids"
import { expect, test } from "./fixtures"

test("the team switcher shows each team with role and own balance, and leads there", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  expectAccessible,
}) => {
  const others = await createTestTeam(db)
  const memberId = newId()
  await db.member.create({
    data: { teamId: others.id, id: memberId, userId: team.owner.userId, role: "MEMBER" },
  })
  const pool = await db.pool.create({ data: { teamId: others.id, id: newId(), memberId } })
  await giveCredits(db, others, { ...team.owner, memberId, poolId: pool.id }, 12_340_000_000n)
  await giveCredits(db, others, others.owner, 99_000_000_000n)
  await giveCredits(db, team, team.owner, 5_670_000_000n)
  await signInAs(team.owner)
  await page.goto(billingPath)
  const switcher = page.getByRole("button", { name: /choose another team/ })
  await switcher.click()
  const menu = page.getByRole("dialog", { name: "Teams" })
  await expect(menu.getByRole("link", { name: team.name })).toContainText("Owner")
  await expect(menu.getByRole("link", { name: team.name })).toContainText("$5.67")
  await expect(menu.getByRole("link", { name: others.name })).toContainText("Member")
  await expect(menu.getByRole("link", { name: others.name })).toContainText("$12.34")
  await expectAccessible()
  await menu.getByRole("link", { name: others.name }).click()
  await expect(page).toHaveURL(`/${others.slug}/settings/account/billing`)
  await expect(menu).toBeHidden()
})

test("a Member’s settings name no page of the team", async ({ page, team, billingPath, signInAs }) => {
  await signInAs(team.member)
  await page.goto(billingPath)
  const nav = page.getByRole("navigation", { name: "Settings" })
  await expect(nav.getByRole("link", { name: "Sessions" })).toBeVisible()
  await expect(nav.getByText("Team", { exact: true })).toHaveCount(0)
  await expect(nav.getByRole("link", { name: "API keys" })).toHaveCount(0)
})
