import { callServerAction, requireServerAction } from "@/dev/testing/actions"
import { balanceOf } from "@/dev/testing/pools"
import { startTestSession } from "@/dev/testing/sessions"
import { createTestTeam } from "@/dev/testing/teams"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect, test } from "./fixtures"
import { reconciliationLine } from "./pages/billing-pages"
import { payWithoutTab } from "./pages/checkout"

const PAID = 25n * NANOS_PER_USD

test("a payment whose webhook was lost and whose tab was closed is credited by Run now", async ({
  page,
  db,
  team,
  billingPath,
  reconciliationPath,
  signInAs,
  stripe,
  expectAccessible,
}) => {
  await signInAs(team.owner)
  await page.goto(billingPath)
  await payWithoutTab(page, { db, team, stripe }, { loseWebhooks: true })
  await page.goto(billingPath)
  expect(await balanceOf(db, team, team.owner)).toBe(0n)
  await reconciliationLine(page).click()
  await expect(page).toHaveURL(reconciliationPath)

  const card = page.getByRole("region", { name: "Reconciliation" })
  await card.getByRole("button", { name: "Run now" }).click()
  await expect(card.getByRole("status")).toHaveText(
    "The one payment matches. One was missing and has been added.",
  )
  await expect(card.getByRole("term").filter({ hasText: "Repaired" })).toBeVisible()
  expect(await balanceOf(db, team, team.owner)).toBe(PAID)
  await expectAccessible()

  await card.getByRole("button", { name: "Run now" }).click()
  await expect(card.getByRole("status")).toHaveText("The one payment matches.")
  expect(await db.entry.count({ where: { teamId: team.id, bucket: "credits" } })).toBe(1)

  await page.getByRole("link", { name: "Billing" }).last().click()
  await expect(page.getByRole("region", { name: /credits( ?:|$)/i })).toContainText("$25.00")
  await expect(
    page.getByText(/^Ledger and Stripe agree · checked (just now|\d+ minutes? ago)$/),
  ).toBeVisible()
  await expectAccessible()
})

test("while Stripe can’t be reached the section says so, and the next check goes on", async ({
  page,
  db,
  team,
  reconciliationPath,
  signInAs,
  stripe,
}) => {
  const customerId = `cus_${team.slug.replace("-", "")}`
  await db.stripeCustomer.create({ data: { id: customerId, teamId: team.id } })
  await stripe.fault({
    match: { method: "GET", path: "/v1/payment_intents", customer: customerId },
    times: 2,
    fault: { kind: "reset" },
  })
  await signInAs(team.owner)
  await page.goto(reconciliationPath)
  const card = page.getByRole("region", { name: "Reconciliation" })
  await card.getByRole("button", { name: "Run now" }).click()
  await expect(card.getByText("The last check couldn’t finish")).toBeVisible()
  await card.getByRole("button", { name: "Run now" }).click()
  await expect(card.getByRole("status")).toHaveText("Nothing to compare yet.")
  await expect(card.getByText("The last check couldn’t finish")).toHaveCount(0)
})

test("only an Owner sees the section, and only of the own team", async ({
  page,
  db,
  team,
  billingPath,
  reconciliationPath,
  signInAs,
  signInInstead,
}) => {
  const other = await createTestTeam(db)
  await db.reconciliationDifference.create({
    data: {
      teamId: other.id,
      kind: "payment_unknown_at_stripe",
      objectId: "pi_of_another_team",
      ledgerNanos: PAID,
      lastRunId: other.id,
      firstSeenAt: new Date(),
    },
  })
  await signInAs(team.owner)
  await page.goto(billingPath)
  await expect(reconciliationLine(page)).toBeVisible()
  await expect(page.getByText("differ in")).toHaveCount(0)
  await page.goto(reconciliationPath)
  await expect(page.getByRole("button", { name: "Run now" })).toBeVisible()
  await expect(page.getByText("pi_of_another_team")).toHaveCount(0)
  for (const person of [team.admin, team.member]) {
    await signInInstead(person)
    await page.goto(billingPath)
    await expect(page.getByRole("heading", { name: "Credits" })).toBeVisible()
    await expect(reconciliationLine(page)).toHaveCount(0)
    expect((await page.request.get(reconciliationPath)).status()).toBe(404)
  }
})

test("runReconciliation called without a page obeys only an Owner of the team", async ({
  db,
  team,
  billingPath,
}) => {
  const action = await requireServerAction("runReconciliation")
  const others = await createTestTeam(db)
  const refused = [
    [null, "sign_in_required"],
    [await startTestSession(db, others.owner.userId), "not_found"],
    [await startTestSession(db, team.member.userId), "forbidden"],
    [await startTestSession(db, team.admin.userId), "forbidden"],
    [await startTestSession(db, team.owner.userId, new Date(Date.now() - 1000)), "sign_in_required"],
  ] as const
  for (const [session, code] of refused) {
    const answer = await callServerAction(action, { path: billingPath, session, args: [team.slug, {}] })
    expect(answer.value).toMatchObject({ ok: false, code })
  }
  const owner = await startTestSession(db, team.owner.userId)
  for (const input of [null, { teamId: others.id }, [], "all"]) {
    const answer = await callServerAction(action, {
      path: billingPath,
      session: owner,
      args: [team.slug, input],
    })
    expect(answer.value).toMatchObject({ ok: false, code: "invalid_input" })
  }
  expect(await db.reconciliationRun.count({ where: { teamId: { in: [team.id, others.id] } } })).toBe(0)
  const answer = await callServerAction(action, {
    path: billingPath,
    session: owner,
    args: [team.slug, {}],
  })
  expect(answer.value).toMatchObject({ ok: true })
  expect(await db.reconciliationRun.count({ where: { teamId: team.id } })).toBe(1)
})
