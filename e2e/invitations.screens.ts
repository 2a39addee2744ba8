import { createTestInvitation } from "@/dev/testing/invitations"
import { newId } from "@/lib/ids"
import { expect } from "./fixtures"
import { LONG, test } from "./pages/shoot"

test("invitations: inviting, the list, the domain", async ({ page, db, team, signInAs, shoot }) => {
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam" } })
  await db.user.update({
    where: { id: team.owner.userId },
    data: { name: "Ada Marlow", email: `ada@${team.slug}.com` },
  })
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/members`)
  await page.getByRole("button", { name: "Invite" }).click()
  const dialog = page.getByRole("dialog")
  await expect(dialog.getByLabel("Email")).toBeFocused()
  await shoot("invite")
  await dialog.getByLabel("Email").fill("grace@")
  await dialog.getByRole("button", { name: "Send invitation" }).click()
  await shoot("invite-error")
  for (const [email, sentDaysAgo] of [
    ["sam@fabrikam.com", 8],
    [`${"w".repeat(60)}@${"x".repeat(60)}.com`, 3],
    ["lin@fabrikam.com", 2],
  ] as const)
    await createTestInvitation(db, team, { email, sentDaysAgo })
  await page.reload()
  await dialog.getByRole("button", { name: "Cancel" }).click()
  await expect(page.getByText("sam@fabrikam.com")).toBeVisible()
  await shoot("invitations")
  await page.getByRole("button", { name: "Withdraw the invitation of lin@fabrikam.com" }).click()
  await expect(dialog.getByRole("button", { name: "Withdraw" })).toBeVisible()
  await shoot("invitations-withdraw")
  await dialog.getByRole("button", { name: "Cancel" }).click()
  await page.getByRole("button", { name: /^Allow @/ }).click()
  await expect(page.getByRole("button", { name: /^Stop letting in/ })).toBeVisible()
  await shoot("invitations-domain")
})

test("invitations: what their link shows", async ({
  page,
  context,
  db,
  team,
  signInAs,
  signInInstead,
  shoot,
}) => {
  await db.user.update({ where: { id: team.owner.userId }, data: { name: "Ada Marlow" } })
  await db.team.update({ where: { id: team.id }, data: { name: LONG.slice(0, 60) } })
  const grace = await db.user.create({ data: { name: "Grace Kim", email: `grace-${newId()}@fabrikam.com` } })
  const { token } = await createTestInvitation(db, team, { email: grace.email, role: "ADMIN" })
  const url = `/invitation?token=${token}`
  await page.goto(url)
  await shoot("invitation-signed-out")
  await signInAs(team.member)
  await page.goto(url)
  await shoot("invitation-already-in")
  await context.clearCookies()
  const other = await db.user.create({ data: { email: `lin-${newId()}@fabrikam.com` } })
  await signInAs({ userId: other.id })
  await page.goto(url)
  await shoot("invitation-other-address")
  await signInInstead({ userId: grace.id })
  await page.goto(url)
  await shoot("invitation-open")
  await db.invitation.updateMany({ where: { teamId: team.id }, data: { expiresAt: new Date() } })
  await page.goto(url)
  await shoot("invitation-expired")
  await page.goto("/invitation?token=x")
  await shoot("invitation-gone")
  const domain = `${newId()}.example`
  await db.user.update({ where: { id: grace.id }, data: { email: `grace@${domain}` } })
  await db.teamDomain.create({ data: { teamId: team.id, domain, addedByMemberId: team.owner.memberId } })
  await page.goto("/teams")
  await shoot("teams-joinable")
})
