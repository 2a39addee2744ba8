import type { TestTeam } from "@/dev/testing/teams"
import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import type { Plan, SubscriptionStatus } from "@/lib/db/generated/enums"
import { expect } from "./fixtures"
import { billingTabs } from "./pages/billing-pages"
import { test } from "./pages/shoot"

const DAY = (days: number) => new Date(Date.now() + days * DAY_MS)

/** Writes a subscription as it would be copied from Stripe. */
async function copySubscription(
  db: Db,
  team: TestTeam,
  change: {
    plan?: Plan
    status?: SubscriptionStatus
    cancelAt?: Date
    nextPlan?: Plan
    othersLive?: number
    periodEndsAt?: Date
    periodWithheld?: "unpaid" | "disputed"
    isCollectionPaused?: boolean
    openInvoiceId?: string
  } = {},
): Promise<void> {
  const { plan = "max" } = change
  const copy = {
    stripeId: "sub_of_the_picture",
    plan,
    status: "active" as const,
    quantity: 3,
    startedAt: DAY(-20),
    billingAnchor: DAY(-20),
    periodStartsAt: DAY(-20),
    periodEndsAt: DAY(10),
    cancelAt: null,
    nextPlan: null,
    hasScheduledChange: change.nextPlan !== undefined,
    othersLive: 0,
    syncedAt: new Date(),
    periodWithheld: null,
    isCollectionPaused: false,
    openInvoiceId: null,
    ...change,
  }
  await db.subscription.upsert({
    where: { teamId: team.id },
    create: { teamId: team.id, ...copy },
    update: copy,
  })
  await db.team.update({ where: { id: team.id }, data: { plan } })
}

/** Adds what a smaller plan leaves behind: a credit at Stripe, and invoices that it paid in part or in full. */
async function addReceipts(db: Db, team: TestTeam): Promise<void> {
  await db.stripeCustomer.updateMany({ where: { teamId: team.id }, data: { creditNanos: 285_000_000_000n } })
  for (const [index, [amountMinor, fromCreditMinor]] of [
    [-28_500n, 0n],
    [7_500n, 7_500n],
    [36_000n, 12_000n],
  ].entries())
    await db.invoice.create({
      data: {
        teamId: team.id,
        id: `in_receipt_${index}_${team.id}`,
        kind: "subscription",
        plan: "build",
        amountMinor: amountMinor ?? 0n,
        fromCreditMinor: fromCreditMinor ?? 0n,
        currency: "usd",
        status: "paid",
        createdAt: DAY(-1 - index),
      },
    })
}

test("the plan in every state, and its invoices", async ({
  page,
  db,
  team,
  planPath,
  paymentsPath,
  signInAs,
  shoot,
}) => {
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam", plan: "free" } })
  await signInAs(team.owner)
  const open = async (name: string) => {
    await page.goto(planPath)
    await expect(page.getByRole("region", { name: "Plan", exact: true })).toBeVisible()
    await shoot(name)
  }
  await open("plan-free")
  await page.getByRole("button", { name: "Upgrade" }).click()
  await expect(page.getByRole("button", { name: /Subscribe/ })).toBeVisible()
  await shoot("plan-upgrade")
  await page.getByRole("button", { name: /Subscribe/ }).click()
  await expect(page.getByRole("dialog").frameLocator("iframe").getByLabel("Card number")).toBeVisible()
  await shoot("plan-checkout")
  await copySubscription(db, team)
  for (const [index, status] of (["paid", "open", "void", "uncollectible"] as const).entries())
    await db.invoice.create({
      data: {
        teamId: team.id,
        id: `in_picture_${index}_${team.id}`,
        kind: "subscription",
        plan: "max",
        amountMinor: 36_000n,
        currency: "usd",
        status,
        createdAt: DAY(-30 * index),
      },
    })
  await open("plan-paid")
  await addReceipts(db, team)
  await page.goto(paymentsPath)
  await shoot("payments-receipts")
  await db.invoice.deleteMany({ where: { teamId: team.id, id: { startsWith: "in_receipt" } } })
  await db.stripeCustomer.updateMany({ where: { teamId: team.id }, data: { creditNanos: 0n } })
  const openInvoiceId = `in_picture_1_${team.id}`
  await copySubscription(db, team, { status: "past_due", periodWithheld: "unpaid", openInvoiceId })
  await open("plan-past-due")
  await copySubscription(db, team, { status: "past_due", openInvoiceId })
  await open("plan-upgrade-past-due")
  await copySubscription(db, team, { isCollectionPaused: true, periodWithheld: "unpaid" })
  await open("plan-collection-paused")
  await copySubscription(db, team, { periodWithheld: "disputed" })
  await open("plan-disputed")
  await copySubscription(db, team, { cancelAt: DAY(10) })
  await open("plan-cancelling")
  await copySubscription(db, team, { nextPlan: "build" })
  await open("plan-changing")
  await copySubscription(db, team, { othersLive: 1 })
  await open("plan-two")
  await copySubscription(db, team, { nextPlan: "build", periodEndsAt: DAY(-1) })
  await open("plan-waiting")
  await copySubscription(db, team, { status: "unpaid", periodWithheld: "unpaid", openInvoiceId })
  await db.team.update({ where: { id: team.id }, data: { plan: "free" } })
  await open("plan-unpaid")
  await copySubscription(db, team, { status: "paused" })
  await db.team.update({ where: { id: team.id }, data: { plan: "free" } })
  await open("plan-paused")
  await db.subscription.delete({ where: { teamId: team.id } })
  await db.team.update({ where: { id: team.id }, data: { plan: "build" } })
  await open("plan-operator")
})

test("the demo’s tabs", async ({ page, shoot }) => {
  await page.goto("/sign-in")
  await page.getByRole("button", { name: "Continue as Owner" }).click()
  await expect(page.getByRole("region", { name: /credits( ?:|$)/i })).toBeVisible()
  for (const tab of ["Usage", "Payments", "Plan"]) {
    await billingTabs(page).filter({ hasText: tab }).click()
    await expect(billingTabs(page).and(page.locator("[aria-current=page]"))).toHaveText([tab])
    await shoot(`${tab.toLowerCase()}-demo`)
  }
})
