import { giveCredits } from "@/dev/testing/pools"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect, test } from "./fixtures"
import { purchaseDialog } from "./pages/checkout"
import { hearNothing } from "./pages/watch-pages"

test("the Member sees the own balance and whom to ask, and can only ask", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  await giveCredits(db, team, team.member, 12_340_000_000n)
  await signInAs(team.member)
  await page.goto(billingPath)
  const card = page.getByRole("region", { name: "Credits" })
  await expect(card).toContainText("$12.34")
  await expect(card).toContainText("Ask an Owner or Admin to add credits")
  await expect(card).toContainText("OWNER of the test (Owner)")
  await expect(card).toContainText("ADMIN of the test (Admin)")
  await expect(page.getByRole("main").getByRole("button")).toHaveText(["Request credits"])
  await expect(page.getByRole("main").getByRole("link")).toHaveText([
    "Overview",
    "Usage",
    "30 days",
    "90 days",
  ])
})

test("no figure of another pool reaches the Member's browser", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  await giveCredits(db, team, team.owner, 8_642_970_000_000n)
  await giveCredits(db, team, team.admin, 7_531_860_000_000n)
  await signInAs(team.member)
  const bodies = [
    await (await page.request.get(billingPath)).text(),
    await (await page.request.get(billingPath, { headers: { rsc: "1" } })).text(),
  ]
  for (const body of bodies) {
    expect(body).toContain("Ask an Owner or Admin")
    for (const secret of [
      "8,642",
      "864297",
      "7,531",
      "753186",
      team.owner.poolId,
      team.owner.email,
      "pk_test",
    ])
      expect(body).not.toContain(secret)
  }
})

test("an Admin who becomes a Member is refused at the next step, with the dialog still open", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  watched,
}) => {
  await hearNothing(page, watched)
  await signInAs(team.admin)
  await page.goto(billingPath)
  await page.getByRole("button", { name: "Purchase credits" }).click()
  await db.member.update({
    where: { teamId_id: { teamId: team.id, id: team.admin.memberId } },
    data: { role: "MEMBER" },
  })
  await page.getByRole("button", { name: "Purchase $10.00" }).click()
  await expect(purchaseDialog(page).getByRole("alert")).toContainText(
    "Ask an Owner or Admin of your team to do this.",
  )
  expect(await db.purchase.count({ where: { teamId: team.id } })).toBe(0)
  await page.reload()
  await expect(page.getByText("Ask an Owner or Admin to add credits")).toBeVisible()
})

test("a removed person is refused at the next step and no longer sees the team", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  watched,
}) => {
  watched.allow(/404/)
  await hearNothing(page, watched)
  await signInAs(team.admin)
  await page.goto(billingPath)
  await page.getByRole("button", { name: "Purchase credits" }).click()
  await db.member.update({
    where: { teamId_id: { teamId: team.id, id: team.admin.memberId } },
    data: { removedAt: new Date() },
  })
  await page.getByRole("button", { name: "Purchase $10.00" }).click()
  await expect(purchaseDialog(page).getByRole("alert")).toContainText("doesn’t exist")
  expect(await db.purchase.count({ where: { teamId: team.id } })).toBe(0)
  expect((await page.goto(billingPath))?.status()).toBe(404)
  await page.goto("/teams")
  await expect(page.getByText(team.name)).toHaveCount(0)
})

test("a demoted Admin’s payment is credited all the same", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  stripe,
}) => {
  await signInAs(team.admin)
  await page.goto(billingPath)
  await page.getByRole("button", { name: "Purchase credits" }).click()
  await page.getByRole("button", { name: "Purchase $10.00" }).click()
  await expect(purchaseDialog(page).locator("iframe")).toBeVisible()
  await db.member.update({
    where: { teamId_id: { teamId: team.id, id: team.admin.memberId } },
    data: { role: "MEMBER", removedAt: new Date() },
  })
  const purchase = await db.purchase.findFirstOrThrow({ where: { teamId: team.id } })
  await stripe.pay(purchase.checkoutSessionId ?? "")
  await expect
    .poll(
      async () => (await db.entry.findFirst({ where: { teamId: team.id, bucket: "credits" } }))?.amountNanos,
    )
    .toBe(10n * NANOS_PER_USD)
})
