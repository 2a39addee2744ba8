import { expect, type Locator, type Page } from "@playwright/test"

export function creditsCard(page: Page): Locator {
  return page.getByRole("region", { name: /credits( ?:|$)/i })
}

export function topUpDialog(page: Page): Locator {
  return page.getByRole("dialog", { name: "Auto Top-Up" })
}

/** Opens the dialog from the Billing page. */
export async function openTopUpDialog(page: Page): Promise<void> {
  await creditsCard(page)
    .getByRole("button", { name: /^(Enable|Manage) auto top-up/ })
    .click()
  await topUpDialog(page).waitFor()
}

/** Opens the Billing page again and again until the worker's result makes the card say this. */
export async function openUntilCardSays(page: Page, billingPath: string, words: string): Promise<void> {
  await expect(async () => {
    await page.goto(billingPath)
    await expect(creditsCard(page)).toContainText(words, { timeout: 500 })
  }).toPass()
}
