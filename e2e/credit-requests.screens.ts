import { usd } from "@/dev/testing/ledger"
import { buyCredits, withoutIncluded } from "@/dev/testing/pools"
import { HOUR_MS } from "@/lib/clock"
import { newId } from "@/lib/ids"
import { expect } from "./fixtures"
import { LONG, test } from "./pages/shoot"

const REASON = "Nightly evals of the new agent, until the end of the month"

test("requests for credits: the Member’s side", async ({ page, db, team, billingPath, signInAs, shoot }) => {
  await withoutIncluded(db, team)
  await db.user.update({ where: { id: team.owner.userId }, data: { name: "Ada Marlow" } })
  await signInAs(team.member)
  await page.goto(billingPath)
  await expect(page.getByRole("button", { name: "Request credits" })).toBeVisible()
  await shoot("request-none")
  await page.getByRole("button", { name: "Request credits" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel("Amount (USD)").fill("0.5")
  await dialog.getByRole("button", { name: "Send request" }).click()
  await expect(dialog.getByText("Say what")).toBeVisible()
  await shoot("request-errors")
  const request = { teamId: team.id, memberId: team.member.memberId, amountNanos: usd(50) }
  const { id } = await db.creditRequest.create({ data: { ...request, reason: REASON } })
  await page.goto(billingPath)
  await expect(page.getByText("You asked for")).toBeVisible()
  await shoot("request-open")
  const where = { teamId_id: { teamId: team.id, id } }
  const answer = { endedAt: new Date(Date.now() - HOUR_MS), answeredByMemberId: team.owner.memberId }
  await db.creditRequest.update({
    where,
    data: { ...answer, status: "declined", word: "Use the shared key" },
  })
  await page.reload()
  await expect(page.getByText("was declined")).toBeVisible()
  await shoot("request-declined")
  await buyCredits(db, team, team.owner, usd(80))
  const moved = await db.$queryRaw<unknown[]>`
    SELECT ledger_transfer(${team.id}::uuid, ${id}::uuid, ${team.owner.poolId}::uuid, ${team.member.poolId}::uuid,
      ${usd(40)}::bigint, 'request', ${team.owner.memberId}::uuid, 'To them', 'From Ada Marlow', now())::text`
  expect(moved).toHaveLength(1)
  await db.creditRequest.update({
    where,
    data: { status: "approved", word: null, grantedNanos: usd(40), transferId: id },
  })
  await page.reload()
  await expect(page.getByText("was approved")).toBeVisible()
  await shoot("request-approved")
})

test("requests for credits: the Owner’s side", async ({ page, db, team, billingPath, signInAs, shoot }) => {
  await withoutIncluded(db, team)
  await buyCredits(db, team, team.owner, usd(80))
  for (const [person, name] of [
    [team.owner, "Ada Marlow"],
    [team.admin, "Lin Zhou"],
    [team.member, "Grace Kim"],
  ] as const)
    await db.user.update({ where: { id: person.userId }, data: { name } })
  const ask = (memberId: string, amount: number, reason: string) =>
    db.creditRequest.create({ data: { teamId: team.id, memberId, amountNanos: usd(amount), reason } })
  await ask(team.member.memberId, 50, REASON)
  await ask(team.admin.memberId, 9_999.99, `${LONG}${LONG}`.slice(0, 200))
  await signInAs(team.owner)
  await page.goto(billingPath)
  await expect(page.getByRole("heading", { name: "Requests for credits" })).toBeVisible()
  await shoot("requests-list")
  const dialog = page.getByRole("dialog")
  await page.getByRole("button", { name: "Approve the request of Grace Kim" }).click()
  await expect(dialog.getByText("Leaves $30.00")).toBeVisible()
  await shoot("requests-approve")
  await dialog.getByLabel("Amount to move").fill("200")
  await expect(dialog.getByRole("link", { name: "Buy credits first" })).toBeVisible()
  await shoot("requests-approve-too-much")
  await dialog.getByRole("button", { name: "Cancel" }).click()
  await page.getByRole("button", { name: "Decline the request of Lin Zhou" }).click()
  await expect(dialog.getByLabel("Why")).toBeFocused()
  await shoot("requests-decline")
  await dialog.getByRole("button", { name: "Cancel" }).click()
  await page.getByRole("button", { name: "Move credits" }).click()
  await dialog.getByLabel("Amount (USD)").fill("12.50")
  await shoot("move-credits")
})

test("moving credits in a team too big for a list", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  shoot,
}) => {
  await withoutIncluded(db, team)
  await buyCredits(db, team, team.owner, usd(80))
  const ids = Array.from({ length: 201 }, () => newId())
  await db.user.createMany({ data: ids.map((id) => ({ id, email: `${id}@example.com` })) })
  const role = "MEMBER" as const
  await db.member.createMany({ data: ids.map((id) => ({ teamId: team.id, id, userId: id, role })) })
  await db.pool.createMany({ data: ids.map((id) => ({ teamId: team.id, memberId: id })) })
  await signInAs(team.owner)
  await page.goto(billingPath)
  await page.getByRole("button", { name: "Move credits" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel("To the member with the email").fill("nobody@example.com")
  await dialog.getByLabel("Amount (USD)").fill("5")
  await dialog.getByRole("button", { name: "Move credits" }).click()
  await expect(dialog.getByText("No member of your team")).toBeVisible()
  await shoot("move-credits-by-email")
  await dialog.getByLabel("To the member with the email").fill(team.member.email)
  await dialog.getByRole("button", { name: "Move credits" }).click()
  await expect(dialog).toHaveCount(0)
})
