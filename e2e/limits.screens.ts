import { createTestApiKey } from "@/dev/testing/api-keys"
import { expect } from "./fixtures"
import { LONG, test } from "./pages/shoot"

const CENT = 10_000_000n

test("limits: none yet, a member’s, a key’s, the protection", async ({ page, db, team, signInAs, shoot }) => {
  await db.user.update({ where: { id: team.owner.userId }, data: { name: "Ada Marlow" } })
  await db.user.update({ where: { id: team.member.userId }, data: { name: "Grace Kim" } })
  await createTestApiKey(db, team, { name: "production" })
  const { id: apiKeyId } = await createTestApiKey(db, team, { name: "nightly index" })
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/limits`)
  await expect(page.getByText("No member has a limit")).toBeVisible()
  await shoot("limits-none")
  const dialog = page.getByRole("dialog")
  await page.getByRole("button", { name: "Limit a member" }).click()
  await shoot("limits-member-dialog")
  await dialog.getByRole("button", { name: "Save limit" }).click()
  await expect(dialog.getByText("Enter a member’s email address.")).toBeVisible()
  await dialog.getByLabel("Member’s email").fill("nobody@example.com")
  await dialog.getByLabel("Monthly limit").fill("50")
  await dialog.getByRole("button", { name: "Save limit" }).click()
  await expect(dialog.getByText("No member of your team has this email address.")).toBeVisible()
  await shoot("limits-member-unknown")
  await dialog.getByRole("button", { name: "Cancel" }).click()
  await page.getByRole("button", { name: "Limit a key" }).click()
  await shoot("limits-key-dialog")
  await dialog.getByRole("button", { name: "Cancel" }).click()
  const month = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth(), 1))
  const limit = (used: bigint, amount: bigint) => ({
    teamId: team.id,
    month,
    amountNanos: amount * CENT,
    spentNanos: used * CENT,
  })
  await db.user.update({ where: { id: team.admin.userId }, data: { name: LONG } })
  await db.spendLimit.createMany({
    data: [
      { ...limit(4_130n, 5_000n), kind: "member", memberId: team.member.memberId, isHard: true },
      { ...limit(120n, 999_999_999n), kind: "member", memberId: team.admin.memberId, isHard: false },
      { ...limit(20_000n, 20_000n), kind: "api_key", apiKeyId, isHard: true },
      { ...limit(4_130n, 10_000n), kind: "owner", isHard: true },
    ],
  })
  await db.team.update({ where: { id: team.id }, data: { ownerReserveNanos: 2_000n * CENT } })
  await page.goto(`/${team.slug}/settings/limits`)
  await shoot("limits")
  await page.getByRole("button", { name: "Change the limit of Grace Kim" }).click()
  await shoot("limits-change")
  await dialog.getByRole("button", { name: "Cancel" }).click()
  await page.getByRole("region", { name: "Owner protection" }).getByRole("button", { name: "Change" }).click()
  await shoot("limits-protection")
})
