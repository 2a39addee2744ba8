import type { Locator, Page } from "@playwright/test"

export function creditsCard(page: Page): Locator {
  return page.getByRole("region", { name: "Credits", exact: true })
}

export function topUpDialog(page: Page): Locator {
  return page.getByRole("dialog", { name: "Auto Top Up" })
}

/** Opens the dialog from the Billing page. */
export async function openTopUpDialog(page: Page): Promise<void> {
  await creditsCard(page)
    .getByRole("button", { name: /^(Enable|Manage) auto top-up/ })
    .click()
  await topUpDialog(page).waitFor()
}
