import { giveCredits, putInDebt, spendCredits } from "@/dev/testing/pools"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect, test } from "./fixtures"
import { checkoutFrame, openCheckout, purchaseDialog } from "./pages/checkout"

test.describe("axe finds nothing", () => {
  test("on the pages before sign-in", async ({ page, expectAccessible, watched }) => {
    watched.allow(/404/)
    for (const path of [
      "/sign-in",
      "/sign-in?error=Verification",
      "/sign-in/check-your-email",
      "/outbox",
      "/no/page",
    ]) {
      await page.goto(path)
      await expectAccessible()
    }
  })

  test("on the billing pages of an Owner", async ({
    page,
    db,
    team,
    billingPath,
    planPath,
    signInAs,
    expectAccessible,
  }) => {
    await signInAs(team.owner)
    await page.goto("/teams")
    await expectAccessible()
    await page.goto(billingPath)
    await expectAccessible()
    await giveCredits(db, team, team.owner, 40n * NANOS_PER_USD)
    for (let n = 0; n < 6; n++) await spendCredits(db, team, team.owner, 123_456_789n)
    await page.goto(billingPath)
    await expect(page.getByRole("table", { name: "Recent Transactions" })).toBeVisible()
    await expectAccessible()
    await page.goto(planPath)
    await expectAccessible()
    await page.goto(`${billingPath}/transactions`)
    await expectAccessible()
    await page.getByRole("button", { name: "OWNER of the test Owner" }).click()
    await expectAccessible()
  })

  test("on the billing page of a team in debt", async ({
    page,
    db,
    team,
    billingPath,
    signInAs,
    expectAccessible,
  }) => {
    await signInAs(team.owner)
    await putInDebt(db, team, team.owner, 12n * NANOS_PER_USD)
    await page.goto(billingPath)
    await expect(page.getByText("A refund was larger")).toBeVisible()
    await expectAccessible()
  })

  test("on the Member's page and on the return page", async ({
    page,
    db,
    team,
    billingPath,
    signInAs,
    signInInstead,
    expectAccessible,
  }) => {
    await signInAs(team.member)
    await page.goto(billingPath)
    await expect(page.getByText("Ask an Owner")).toBeVisible()
    await expectAccessible()
    await signInInstead(team.owner)
    await page.goto(billingPath)
    await openCheckout(page)
    const { checkoutSessionId } = await db.purchase.findFirstOrThrow({ where: { teamId: team.id } })
    await page.goto(`${billingPath}/return?session_id=${checkoutSessionId}`)
    await expectAccessible()
  })

  test("in the dialog: amount, error, checkout, declined, and after it", async ({
    page,
    team,
    billingPath,
    signInAs,
    payWith,
    expectAccessible,
  }) => {
    await signInAs(team.owner)
    await page.goto(billingPath)
    await page.getByRole("button", { name: "Purchase credits" }).click()
    const dialog = purchaseDialog(page)
    await expect(dialog.getByLabel("Amount in USD")).toBeFocused()
    await expectAccessible()
    await dialog.getByLabel("Amount in USD").fill("1")
    await dialog.getByRole("button", { name: "Purchase", exact: true }).click()
    await expect(dialog.getByText("Enter an amount")).toBeVisible()
    await expectAccessible()
    await dialog.getByLabel("Amount in USD").fill("10")
    await dialog.getByRole("button", { name: "Purchase $10.00" }).click()
    await payWith("4000000000000002")
    await expect(checkoutFrame(page).getByText("Your card was declined.")).toBeVisible()
    await expectAccessible()
    await payWith("4242424242424242")
    await expect(page.getByRole("link", { name: "View receipt" })).toBeVisible()
    await expectAccessible()
  })
})
