import type { Page } from "@playwright/test"

/** Returns the addresses of a team's pages of Billing. */
export function billingPages(slug: string) {
  const overview = `/${slug}/settings/account/billing`
  return {
    overview,
    usage: `${overview}/usage`,
    payments: `${overview}/payments`,
    plan: `${overview}/plan`,
    reconciliation: `${overview}/reconciliation`,
  }
}

export const billingTabs = (page: Page) =>
  page.getByRole("main").getByRole("navigation", { name: "Billing" }).getByRole("link")

/** Overview's line about the reconciliation, whether the hourly one has run or not. */
export const reconciliationLine = (page: Page) =>
  page.getByRole("main").getByRole("link", { name: /Ledger and Stripe|compare with Stripe/ })
