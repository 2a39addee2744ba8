import { expect, type FrameLocator, type Locator, type Page } from "@playwright/test"
import { startInEnvironment } from "@/dev/testing/environment"
import type { Db } from "@/lib/db/client"

/** For helpers that act as the product does, in the browser tests' process: it uses the same stand-in. */
export function methodWorld(db: Db): { db: Db; stripe: { url: string } } {
  const url = process.env.E2E_STRIPE_URL ?? ""
  startInEnvironment({ STRIPE_API_BASE: url, STRIPE_JS_URL: `${url}/stripe.js` })
  return { db, stripe: { url } }
}

export function methodsCard(page: Page): Locator {
  return page.getByRole("region", { name: "Payment methods" })
}

export function addDialog(page: Page): Locator {
  return page.getByRole("dialog", { name: "Add payment method" })
}

export function cardFields(page: Page): FrameLocator {
  return addDialog(page).frameLocator("iframe")
}

export function setupBankFrame(page: Page): FrameLocator {
  return page.frameLocator("iframe[name=stripe-stand-in-authentication]")
}

/** Goes from the Billing page into the form, until a card can be entered. */
export async function openAddDialog(page: Page): Promise<void> {
  await methodsCard(page).getByRole("button", { name: "Add" }).click()
  await expect(addDialog(page).getByRole("button", { name: "Add card" })).toBeEnabled()
}

export async function enterCard(page: Page, number: string): Promise<void> {
  const fields = cardFields(page)
  await fields.getByLabel("Card number").fill(number)
  await fields.getByLabel("Expiration (MM / YY)").fill("12 / 34")
  await fields.getByLabel("CVC").fill("123")
  await addDialog(page).getByRole("button", { name: "Add card" }).click()
}
