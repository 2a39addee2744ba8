import { usd } from "@/dev/testing/ledger"
import { buyCredits } from "@/dev/testing/pools"
import { addTestMember } from "@/dev/testing/teams"
import { expect } from "./fixtures"
import { LONG, test } from "./pages/shoot"

const DAY_MS = 24 * 60 * 60 * 1000

test("members: a small team, a role, a removal", async ({ page, db, team, signInAs, shoot }) => {
  const people = [
    [team.owner, "Ada Marlow", "ada@fabrikam.com"],
    [team.admin, "Lin Zhou", "lin.zhou@fabrikam.com"],
    [team.member, "Grace Kim", "grace@fabrikam.com"],
  ] as const
  const tag = team.slug.slice(-4)
  for (const [{ userId }, name, email] of people)
    await db.user.update({ where: { id: userId }, data: { name, email: email.replace("@", `+${tag}@`) } })
  const unnamed = await addTestMember(db, { teamId: team.id, plan: "build", role: "MEMBER" })
  await db.user.update({
    where: { id: unnamed.userId },
    data: { name: null, email: `sam+${tag}@fabrikam.com` },
  })
  const joined = new Date(Date.now() - 40 * DAY_MS)
  await db.member.updateMany({ where: { teamId: team.id }, data: { joinedAt: joined } })
  await buyCredits(db, team, team.member, usd(38.4))
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/members`)
  await shoot("members")
  await page.getByRole("button", { name: "Manage Grace Kim" }).click()
  const dialog = page.getByRole("dialog")
  await expect(dialog.getByLabel("Admin")).toBeVisible()
  await shoot("members-role")
  await dialog.getByRole("button", { name: "Remove from team" }).click()
  await shoot("members-remove")
  await dialog.getByRole("button", { name: "Remove from team" }).click()
  await expect(page.getByRole("button", { name: "Manage Grace Kim" })).toHaveCount(0)
  await shoot("members-removed")
})

test("members: an Admin’s view, leaving", async ({ page, db, team, signInAs, shoot }) => {
  await buyCredits(db, team, team.admin, usd(12.5))
  await buyCredits(db, team, team.member, usd(12.5))
  await db.user.update({ where: { id: team.owner.userId }, data: { name: "Ada Marlow" } })
  await signInAs(team.admin)
  await page.goto(`/${team.slug}/settings/members`)
  await page.getByRole("button", { name: /Manage MEMBER/ }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Remove from team" }).click()
  await shoot("members-remove-by-admin")
  await page.getByRole("dialog").getByRole("button", { name: "Back" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click()
  await page.getByRole("button", { name: "Leave" }).click()
  await expect(page.getByRole("dialog").getByRole("button", { name: "Leave team" })).toBeVisible()
  await shoot("members-leave")
})

test("members: many, with long names, and a search", async ({ page, db, team, signInAs, shoot }) => {
  for (let count = 0; count < 120; count += 1)
    await addTestMember(db, { teamId: team.id, plan: "build", role: "MEMBER" })
  await db.user.update({ where: { id: team.admin.userId }, data: { name: LONG } })
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/members`)
  await shoot("members-many")
  await page.getByLabel("Name or email").fill("nobody here")
  await page.getByRole("button", { name: "Search" }).click()
  await expect(page.getByText("Nobody found")).toBeVisible()
  await shoot("members-none")
  await page.getByRole("link", { name: "Clear" }).click()
  await page.getByRole("button", { name: /^Manage The Extra/ }).click()
  await shoot("members-role-long")
})

test("the place in a team, on the profile", async ({ page, db, team, signInInstead, shoot }) => {
  await db.user.update({ where: { id: team.owner.userId }, data: { name: "Ada Marlow" } })
  await buyCredits(db, team, team.member, usd(12.5))
  for (const [who, name] of [
    [team.owner, "owner"],
    [team.member, "member"],
  ] as const) {
    await signInInstead(who)
    await page.goto(`/${team.slug}/settings/profile`)
    await shoot(`place-${name}`)
  }
  await page.getByRole("button", { name: "Leave" }).click()
  await expect(page.getByRole("dialog").getByRole("button", { name: "Leave team" })).toBeVisible()
  await shoot("place-leave")
})

test("handing over ownership", async ({ page, db, team, signInAs, signInInstead, shoot }) => {
  await db.user.update({ where: { id: team.owner.userId }, data: { name: "Ada Marlow" } })
  await db.user.update({ where: { id: team.member.userId }, data: { name: "Grace Kim" } })
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/members`)
  await page.getByRole("button", { name: "Manage Grace Kim" }).click()
  const dialog = page.getByRole("dialog")
  await shoot("hand-over-role")
  await dialog.getByRole("button", { name: "Hand over ownership" }).click()
  await shoot("hand-over")
  await dialog.getByRole("button", { name: "Email me the link" }).click()
  await expect(page.getByText("You offered ownership to Grace Kim")).toBeVisible()
  await shoot("hand-over-offered")
  const mailTo = { recipient: team.owner.email }
  await expect.poll(() => db.outboxMail.count({ where: mailTo })).toBe(1)
  const { bodyText } = await db.outboxMail.findFirstOrThrow({ where: mailTo })
  await page.goto(/http\S+/.exec(bodyText)?.[0] ?? "")
  await shoot("hand-over-confirm")
  await page.getByRole("button", { name: "Confirm" }).click()
  await expect(page.getByText("They may accept it until")).toBeVisible()
  await signInInstead(team.member)
  await page.goto(`/${team.slug}/settings/profile`)
  await shoot("hand-over-accept")
})
