import { AxeBuilder } from "@axe-core/playwright"
import { test as base, expect, type Page } from "@playwright/test"
import { hashToken, newToken } from "@/lib/auth/token"
import { DAY_MS } from "@/lib/clock"
import { connectDb, type Db } from "@/lib/db/client"
import { newId } from "@/lib/ids"
import { postCredit } from "@/lib/ledger/post"
import { type ControlClient, controlClient } from "./stripe/control/client"
import { findLedgerFaults } from "./testing/ledger-holds"
import { createTestTeam, type TestMember, type TestTeam } from "./testing/teams"

type Fixtures = {
  db: Db
  stripe: ControlClient
  /** A team of this test's own, so that tests can run side by side. */
  team: TestTeam
  billingPath: string
  /** Signs the page's browser in as a person, as if through a mail link. */
  signInAs: (person: TestMember) => Promise<void>
  /** Fills the checkout's card form and pays. */
  payWith: (card: string) => Promise<void>
  /** Fails unless axe finds nothing on the page as it is, in light and dark. */
  expectAccessible: () => Promise<void>
}

export const test = base.extend<Fixtures, { workerDb: Db }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the destructured form.
  baseURL: async ({}, use) => use(required("E2E_APP_URL")),
  workerDb: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the destructured form.
    async ({}, use) => {
      const db = connectDb(required("E2E_DATABASE_URL"), 4)
      await use(db)
      await db.$disconnect()
    },
    { scope: "worker" },
  ],
  db: async ({ workerDb }, use) => {
    await use(workerDb)
    expect(await findLedgerFaults(workerDb)).toEqual([])
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the destructured form.
  stripe: async ({}, use) => use(controlClient(required("E2E_STRIPE_URL"))),
  team: async ({ db }, use) => use(await createTestTeam(db)),
  billingPath: async ({ team }, use) => use(`/${team.slug}/settings/account/billing`),
  signInAs: async ({ db, context }, use) =>
    use(async ({ userId }) => {
      const token = newToken()
      const expiresAt = new Date(Date.now() + DAY_MS)
      await db.session.create({ data: { tokenHash: hashToken(token), userId, expiresAt } })
      await context.addCookies([
        {
          name: "credits-session",
          value: token,
          url: required("E2E_APP_URL"),
          httpOnly: true,
          sameSite: "Lax",
        },
      ])
    }),
  payWith: async ({ page }, use) =>
    use(async (card) => {
      const checkout = checkoutFrame(page)
      await checkout.getByLabel("Card number").fill(card)
      await checkout.getByLabel("Expiration (MM / YY)").fill("12 / 34")
      await checkout.getByLabel("CVC").fill("123")
      await checkout.getByLabel("Cardholder name").fill("Ada Marlow")
      await checkout.getByRole("button", { name: /^Pay / }).click()
    }),
  expectAccessible: async ({ page }, use) =>
    use(async () => {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
        const { violations } = await new AxeBuilder({ page }).analyze()
        expect(
          violations.map(({ id, nodes }) => `${colorScheme}: ${id} at ${nodes[0]?.target.join(" ")}`),
        ).toEqual([])
      }
    }),
})

export { expect }

export function checkoutFrame(page: Page) {
  return page.getByRole("dialog", { name: "Purchase Credits" }).frameLocator("iframe")
}

/** Gives a pool credits without a payment. */
export async function giveCredits(
  db: Db,
  team: TestTeam,
  member: TestMember,
  amountNanos: bigint,
): Promise<void> {
  await db.$transaction((tx) =>
    postCredit(tx, {
      teamId: team.id,
      poolId: member.poolId,
      source: "promotion",
      amountNanos,
      causeId: newId(),
      occurredAt: new Date(),
      detail: "Welcome credits",
    }),
  )
}

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is set by the browser tests' setup`)
  return value
}
