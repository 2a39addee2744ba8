import { expect, type FrameLocator, type Page } from "@playwright/test"
import type { TestTeam } from "@/dev/testing/teams"
import type { Db } from "@/lib/db/client"
import type { ControlClient } from "@/stand-in/control/client"

export function purchaseDialog(page: Page) {
  return page.getByRole("dialog", { name: "Purchase Credits" })
}

export function checkoutFrame(page: Page): FrameLocator {
  return purchaseDialog(page).frameLocator("iframe")
}

export function bankFrame(page: Page): FrameLocator {
  return checkoutFrame(page).frameLocator("dialog iframe")
}

/** Goes from the billing page into the checkout of an amount, until it can be paid. */
export async function openCheckout(page: Page, amount: "10.00" | "25.00" = "25.00"): Promise<void> {
  await page.getByRole("button", { name: "Purchase credits" }).click()
  if (amount === "25.00") await page.getByRole("button", { name: "$25", exact: true }).click()
  await page.getByRole("button", { name: `Purchase $${amount}` }).click()
  await expect(checkoutFrame(page).getByRole("button", { name: `Pay $${amount}` })).toBeEnabled()
}

/** Fills the checkout's card form and pays with Enter: a click could miss while the form still changes its height. */
export async function payWithCard(page: Page, card: string): Promise<void> {
  const checkout = checkoutFrame(page)
  await expect(checkout.getByRole("button", { name: /^Pay / })).toBeEnabled()
  await checkout.getByLabel("Card number").fill(card)
  await checkout.getByLabel("Expiration (MM / YY)").fill("12 / 34")
  await checkout.getByLabel("CVC").fill("123")
  await checkout.getByLabel("Cardholder name").fill("Ada Marlow")
  await checkout.getByLabel("Cardholder name").press("Enter")
}

/** Returns the team's latest checkout, and its customer at Stripe. */
export async function openedCheckout(
  db: Db,
  team: TestTeam,
): Promise<{ purchaseId: string; sessionId: string; customer: string }> {
  const purchase = await db.purchase.findFirstOrThrow({
    where: { teamId: team.id, checkoutSessionId: { not: null } },
    orderBy: { createdAt: "desc" },
  })
  const customer = await db.stripeCustomer.findFirstOrThrow({ where: { teamId: team.id } })
  return { purchaseId: purchase.id, sessionId: purchase.checkoutSessionId ?? "", customer: customer.id }
}

/** Goes from the billing page into a checkout of $25, whose tab is closed before it is paid at Stripe. */
export async function payWithoutTab(
  page: Page,
  { db, team, stripe }: { db: Db; team: TestTeam; stripe: ControlClient },
  { loseWebhooks = false } = {},
): Promise<{ sessionId: string; customer: string }> {
  await openCheckout(page)
  const opened = await openedCheckout(db, team)
  if (loseWebhooks) await stripe.webhookRule({ action: "drop", customer: opened.customer })
  await page.goto("about:blank")
  await stripe.pay(opened.sessionId)
  return opened
}

export async function purchaseStatuses(db: Db, team: TestTeam): Promise<string[]> {
  const purchases = await db.purchase.findMany({
    where: { teamId: team.id },
    orderBy: { createdAt: "asc" },
    select: { status: true },
  })
  return purchases.map(({ status }) => status)
}
