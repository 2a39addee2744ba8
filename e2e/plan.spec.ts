import type { Page } from "@playwright/test"
import { callServerAction, requireServerAction } from "@/dev/testing/actions"
import { startTestSession } from "@/dev/testing/sessions"
import { createTestTeam } from "@/dev/testing/teams"
import { expect, test } from "./fixtures"

test.beforeEach(async ({ db, team }) => {
  await db.team.update({ where: { id: team.id }, data: { plan: "free" } })
})

const planCard = (page: Page) => page.getByRole("region", { name: "Plan", exact: true })
const dialogOf = (page: Page) => page.getByRole("dialog", { name: "Upgrade your plan" })
const checkoutOf = (page: Page) => dialogOf(page).frameLocator("iframe")

const toasts = (page: Page) => page.getByRole("region", { name: "Notifications" })

async function openPlanCheckout(page: Page): Promise<void> {
  await planCard(page).getByRole("button", { name: "Upgrade" }).click()
  await dialogOf(page).getByRole("radio", { name: /Build/ }).check()
  await dialogOf(page).getByRole("button", { name: "Subscribe · $75.00 per month" }).click()
  await expect(checkoutOf(page).getByLabel("Card number")).toBeVisible()
}

async function pay(page: Page, card: string): Promise<void> {
  const checkout = checkoutOf(page)
  await checkout.getByLabel("Card number").fill(card)
  await checkout.getByLabel("Expiration (MM / YY)").fill("12 / 34")
  await checkout.getByLabel("CVC").fill("123")
  await checkout.getByLabel("Cardholder name").fill("Ada Marlow")
  await checkout.getByLabel("Cardholder name").press("Enter")
}

test("an Owner upgrades from free, after a declined card, and the page shows the plan and its invoice", async ({
  page,
  db,
  team,
  planPath,
  paymentsPath,
  signInAs,
  expectAccessible,
}) => {
  await signInAs(team.owner)
  await page.goto(planPath)
  await expect(planCard(page).getByText("Free", { exact: true })).toBeVisible()
  await planCard(page).getByRole("button", { name: "Upgrade" }).click()
  await expectAccessible()
  await dialogOf(page).getByRole("button", { name: "Cancel" }).click()
  await openPlanCheckout(page)
  await pay(page, "4000000000000002")
  await expect(checkoutOf(page).getByText(/declined/)).toBeVisible()
  await pay(page, "4242424242424242")
  await expect(toasts(page).getByText("Your team is on Build.")).toBeVisible()
  await expect(planCard(page).getByText("$75.00 a month (3 members × $25.00)")).toBeVisible()
  await expect(planCard(page).getByText(/Renews on/)).toBeVisible()
  await expect(planCard(page).getByRole("button", { name: "Upgrade" })).toBeHidden()
  await expectAccessible()
  await page.goto(paymentsPath)
  await expect(page.getByRole("row", { name: /Build plan.*Paid.*\$75\.00/ })).toBeVisible()
  await expectAccessible()
  expect(await db.team.findUnique({ where: { id: team.id } })).toMatchObject({ plan: "build" })
})

test("a card that wants authentication gets it, and then the plan", async ({
  page,
  team,
  planPath,
  signInAs,
}) => {
  await signInAs(team.owner)
  await page.goto(planPath)
  await openPlanCheckout(page)
  await pay(page, "4000002760003184")
  const bank = checkoutOf(page).frameLocator("dialog iframe")
  await bank.getByRole("button", { name: "Complete authentication" }).click()
  await expect(toasts(page).getByText("Your team is on Build.")).toBeVisible()
})

test("in Stripe’s portal an Owner cancels, and comes back to where the plan says when it ends", async ({
  page,
  team,
  planPath,
  signInAs,
}) => {
  await signInAs(team.owner)
  await page.goto(planPath)
  await openPlanCheckout(page)
  await pay(page, "4242424242424242")
  await expect(toasts(page).getByText("Your team is on Build.")).toBeVisible()
  await planCard(page).getByRole("button", { name: "Manage in Stripe" }).click()
  await page.getByRole("link", { name: "Cancel plan" }).click()
  await page.getByRole("button", { name: /Cancel plan/ }).click()
  await page.getByRole("link", { name: /Return to/ }).click()
  await expect(page).toHaveURL(new RegExp(`${planPath}$`))
  await expect(planCard(page).getByText(/Ends on .*, then Free/)).toBeVisible()
})

test("an Admin manages payment methods in the portal but not the plan; a Member sees nothing of it", async ({
  page,
  team,
  billingPath,
  planPath,
  paymentsPath,
  signInAs,
  signInInstead,
}) => {
  await signInAs(team.owner)
  await page.goto(planPath)
  await openPlanCheckout(page)
  await pay(page, "4242424242424242")
  await expect(toasts(page).getByText("Your team is on Build.")).toBeVisible()
  await signInInstead(team.admin)
  await page.goto(planPath)
  await expect(planCard(page).getByText("Only the Owner can change the plan.")).toBeVisible()
  await planCard(page).getByRole("button", { name: "Manage in Stripe" }).click()
  await expect(page.getByRole("link", { name: /Return to/ })).toBeVisible()
  await expect(page.getByRole("heading", { name: "Payment methods" })).toBeVisible()
  await expect(page.getByRole("link", { name: "Cancel plan" })).toBeHidden()
  await expect(page.getByRole("link", { name: "Update plan" })).toBeHidden()
  await signInInstead(team.member)
  await page.goto(billingPath)
  await expect(page.getByText("Ask an Owner or Admin to add credits")).toBeVisible()
  await expect(planCard(page)).toBeHidden()
  await expect(page.getByRole("region", { name: "Receipts and invoices" })).toBeHidden()
  for (const path of [planPath, paymentsPath]) expect((await page.request.get(path)).status()).toBe(404)
})

test("the plan’s actions called without a page obey only who may", async ({ db, team, planPath }) => {
  const others = await createTestTeam(db)
  const cases = [
    ["startSubscription", { plan: "max", quantity: 3 }, { owner: true, admin: false }],
    ["confirmSubscription", {}, { owner: true, admin: false }],
    ["openPortal", { tab: "plan", poolId: null }, { owner: true, admin: true }],
  ] as const
  for (const [name, input, allowed] of cases) {
    const action = await requireServerAction(name)
    const answerTo = async (userId: string | null) => {
      const session = userId && (await startTestSession(db, userId))
      return (await callServerAction(action, { path: planPath, session, args: [team.slug, input] })).value
    }
    expect(await answerTo(null), name).toMatchObject({ ok: false, code: "sign_in_required" })
    expect(await answerTo(others.owner.userId), name).toMatchObject({ ok: false, code: "not_found" })
    expect(await answerTo(team.member.userId), name).toMatchObject({ ok: false, code: "forbidden" })
    const admin = await answerTo(team.admin.userId)
    expect(admin, name).toMatchObject(allowed.admin ? { ok: true } : { ok: false, code: "forbidden" })
    expect(await answerTo(team.owner.userId), name).toMatchObject({ ok: true })
  }
  const start = await requireServerAction("startSubscription")
  const session = await startTestSession(db, team.owner.userId)
  for (const input of [
    { plan: "enterprise", quantity: 3 },
    { plan: "free", quantity: 3 },
    { plan: "max", quantity: 0 },
    { plan: "max", quantity: 3, priceId: "price_1" },
    { plan: { not: "" }, quantity: 3 },
    null,
  ]) {
    const { value } = await callServerAction(start, { path: planPath, session, args: [team.slug, input] })
    expect(value, JSON.stringify(input)).toMatchObject({ ok: false, code: "invalid_input" })
  }
})
