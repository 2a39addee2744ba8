import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { buyCredits, withoutIncluded } from "@/dev/testing/pools"
import { expect, test } from "./fixtures"
import { MeteringClient } from "./metering-client"

test("the Owner limits a member, whose usage is then refused with who can raise it, and lifts the limit again", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  signInInstead,
  request,
  expectAccessible,
}) => {
  await withoutIncluded(db, team)
  await buyCredits(db, team, team.member, usd(20))
  const { apiKey } = await createTestApiKey(db, team)
  const program = new MeteringClient(request, apiKey)
  const report = (quantity: number) =>
    program.report({ consumable: "sms", quantity, trigger: "user", user: team.member.email })
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/limits`)
  await expectAccessible()
  const dialog = page.getByRole("dialog")
  await page.getByRole("button", { name: "Limit a member" }).click()
  await expectAccessible()
  await dialog.getByLabel("Member’s email").fill(team.member.email)
  await dialog.getByLabel("Monthly limit").fill("1.20")
  await dialog.getByRole("button", { name: "Save limit" }).click()
  const members = page.getByRole("region", { name: "Members" })
  await expect(members.getByText("$0.00 of $1.20")).toBeVisible()

  expect((await report(100)).status).toBe(200)
  const refused = await report(1)
  expect(refused.status).toBe(403)
  expect(refused.json).toMatchObject({
    code: "insufficient_credits",
    reason: "member_limit_reached",
    title: "The monthly limit of this member is reached: $1.20. An Owner or Admin can raise it.",
    who_can_fix: ["Owner", "Admin"],
    top_up_url: expect.stringContaining(`/${team.slug}/settings/limits`),
  })
  await signInInstead(team.member)
  await page.goto(billingPath)
  await expect(page.getByText("You’ve reached it.")).toBeVisible()
  await expectAccessible()
  await signInInstead(team.owner)
  await page.goto(`/${team.slug}/settings/limits`)
  await expect(members.getByText("$1.20 of $1.20")).toBeVisible()
  await page.getByRole("button", { name: /^Change the limit of/ }).click()
  await dialog.getByRole("button", { name: "Remove limit" }).click()
  await expect(page.getByText("No member has a limit")).toBeVisible()
  expect((await report(1)).status).toBe(200)

  await page.getByRole("region", { name: "Owner protection" }).getByRole("button", { name: "Change" }).click()
  await dialog.getByLabel("Reserve").fill("5")
  await expectAccessible()
  await dialog.getByRole("button", { name: "Save" }).click()
  await expect(page.getByRole("region", { name: "Owner protection" }).getByText("$5.00")).toBeVisible()
})
