import { test as base, expect, type Page } from "@playwright/test"
import type { RunOptions } from "axe-core"
import { isFullSize } from "@/dev/testing/full-size"
import { findLedgerFaults } from "@/dev/testing/ledger-holds"
import { SESSION_COOKIE, startTestSession } from "@/dev/testing/sessions"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { connectDb, type Db } from "@/lib/db/client"
import { type ControlClient, controlClient } from "@/stand-in/control/client"
import { findViolations } from "./axe"
import { billingPages } from "./pages/billing-pages"
import { payWithCard } from "./pages/checkout"
import { type WatchedPages, watchPages } from "./pages/watch-pages"

type Fixtures = {
  db: Db
  stripe: ControlClient
  /** This test's own team, so that tests can run side by side. */
  team: TestTeam
  /** The addresses of the team's pages of Billing. */
  billingPath: string
  paymentsPath: string
  planPath: string
  reconciliationPath: string
  /** Signs the page's browser in as a person, as if through a mailed link. */
  signInAs: (person: Pick<TestMember, "userId">) => Promise<void>
  /** The same for another person. Open pages are left first, or they would hear that their session is gone and move. */
  signInInstead: (person: Pick<TestMember, "userId">) => Promise<void>
  /** Fills the checkout's card form and pays. */
  payWith: (card: string) => Promise<void>
  /**
   * Fails if axe finds anything on the page in its present state. An address's first state is looked at in light and
   * dark on a wide screen, and on a narrow one; its other states, mostly dialogs, in light on a wide screen. With
   * FULL_SIZE=1 (`npm test -- --all`), each state is looked at in all three.
   */
  expectAccessible: () => Promise<void>
  /** Always on: a test fails when its browser complains. `allow` names complaints that a test provokes. */
  watched: WatchedPages
}

export const test = base.extend<Fixtures, { workerDb: Db }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the destructured form.
  baseURL: async ({}, use) => use(required("E2E_APP_URL")),
  // Each test comes from an address of its own, because checkouts are limited per address; of this machine, because the demo answers nobody else.
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the destructured form.
  extraHTTPHeaders: async ({}, use) => use({ "x-forwarded-for": randomAddress() }),
  watched: [
    async ({ context }, use) => {
      const watched = await watchPages(context)
      await use(watched)
      expect(watched.problems).toEqual([])
    },
    { auto: true },
  ],
  workerDb: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the destructured form.
    async ({}, use) => {
      const db = connectDb(required("E2E_DATABASE_URL"), 4)
      await use(db)
      expect(await findLedgerFaults(db)).toEqual([])
      await db.$disconnect()
    },
    { scope: "worker" },
  ],
  db: async ({ workerDb }, use) => use(workerDb),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the destructured form.
  stripe: async ({}, use) => use(controlClient(required("E2E_STRIPE_URL"))),
  team: async ({ db }, use) => use(await createTestTeam(db)),
  billingPath: async ({ team }, use) => use(billingPages(team.slug).overview),
  paymentsPath: async ({ team }, use) => use(billingPages(team.slug).payments),
  planPath: async ({ team }, use) => use(billingPages(team.slug).plan),
  reconciliationPath: async ({ team }, use) => use(billingPages(team.slug).reconciliation),
  signInAs: async ({ db, context }, use) =>
    use(async ({ userId }) => {
      const value = await startTestSession(db, userId)
      const url = required("E2E_APP_URL")
      await context.addCookies([{ name: SESSION_COOKIE, value, url, httpOnly: true, sameSite: "Lax" }])
    }),
  signInInstead: async ({ context, signInAs }, use) =>
    use(async (person) => {
      for (const page of context.pages()) await page.goto("about:blank")
      await context.clearCookies()
      await signInAs(person)
    }),
  payWith: async ({ page }, use) => use((card) => payWithCard(page, card)),
  expectAccessible: async ({ page }, use) => {
    const seen = new Set<string>()
    await use(async () => {
      const { width, height } = page.viewportSize() ?? WIDE
      await page.setViewportSize(WIDE)
      await expectNoViolations(page, "light")
      const { pathname } = new URL(page.url())
      if (isFullSize || !seen.has(pathname)) {
        // Everything else is the same in both themes.
        await expectNoViolations(page, "dark", { runOnly: { type: "rule", values: ["color-contrast"] } })
        await page.setViewportSize(NARROW)
        // Colours are the same at every width, and checking them is two thirds of the work.
        await expectNoViolations(page, "light", { rules: { "color-contrast": { enabled: false } } })
      }
      await page.setViewportSize({ width, height })
      seen.add(pathname)
    })
  },
})

const WIDE = { width: 1280, height: 844 }
const NARROW = { width: 390, height: 844 }

async function expectNoViolations(
  page: Page,
  colorScheme: "light" | "dark",
  options: RunOptions = {},
): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
  // Colours in transition would be measured, which never last. A page that streams has its title a moment after it.
  await page.waitForFunction(
    () => document.title !== "" && document.getAnimations().every(({ playState }) => playState !== "running"),
  )
  const found = await findViolations(page, options)
  expect(found, `in ${colorScheme} at ${page.viewportSize()?.width} px`).toEqual([])
}

export { expect }

export function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is set by the browser tests' setup`)
  return value
}

function randomAddress(): string {
  const part = () => Math.floor(Math.random() * 256)
  return `127.${part()}.${part()}.${part()}`
}
