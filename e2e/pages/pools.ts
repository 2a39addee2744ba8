import type { Locator, Page } from "@playwright/test"

/** Opens the menu of the team's pools from the card's title. */
export async function openPools(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: /choose another pool/ }).click()
  return page.getByRole("list", { name: "Pools" })
}

/** Chooses a pool in the card's title by its holder's name. */
export async function choosePool(page: Page, name: string): Promise<void> {
  await (await openPools(page)).getByRole("link", { name: new RegExp(name) }).click()
  await page.getByRole("heading", { name: new RegExp(`^${name}’s credits`) }).waitFor()
}
