import { buyCredits, giveCredits, putInDebt, spendCredits } from "@/dev/testing/pools"
import { DAY_MS } from "@/lib/clock"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect } from "./fixtures"
import { bankFrame, checkoutFrame, openCheckout, openedCheckout, purchaseDialog } from "./pages/checkout"
import { LONG, shootAll, test } from "./pages/shoot"

test("before sign-in", async ({ page, shoot, watched }) => {
  watched.allow(/404/)
  await page.goto("/sign-in")
  await shoot("sign-in")
  await page.goto("/sign-in?error=Verification")
  await shoot("sign-in-error")
  await page.goto("/sign-in/check-your-email")
  await shoot("check-your-email")
  await page.goto("/sign-in")
  await page.getByLabel("Email").fill(`${crypto.randomUUID()}@example.com`)
  await page.getByRole("button", { name: "Email me a sign-in link" }).click()
  await expect(page.getByRole("heading", { name: "Check your email" })).toBeVisible()
  await page.goto("/outbox")
  await shoot("outbox")
  await page.locator("section").getByRole("link").first().click()
  await expect(page.getByRole("heading", { name: "Sign in to Credits" })).toBeVisible()
  await shoot("sign-in-confirm")
  await page.getByRole("button", { name: /^Sign in as/ }).click()
  await expect(page.getByRole("heading", { name: "Create your team" })).toBeVisible()
  await shoot("teams-none")
  await page.goto("/no/such/page")
  await shoot("not-found")
})

test("the reference", async ({ page, shoot, watched }) => {
  watched.allow(/404/)
  for (const [name, path] of [
    ["index", "/reference"],
    ["api-guide", "/reference/api-and-sdk"],
    ["errors", "/reference/api-and-sdk/troubleshooting/errors"],
    ["insufficient-credits", "/reference/api-and-sdk/troubleshooting/errors/insufficient-credits/"],
    ["error", "/reference/api-and-sdk/troubleshooting/errors/idempotency-key-reused/"],
    ["add-on-credits", "/reference/billing/add-on-credits"],
    ["who-pays", "/reference/billing/who-pays"],
    ["rates", "/reference/rates"],
    ["not-found", "/reference/nothing"],
  ] as const) {
    await page.goto(path)
    await shoot(`reference-${name}`)
  }
})

test("the demo", async ({ page, shoot }) => {
  await page.goto("/sign-in")
  await page.getByRole("button", { name: "Continue as Owner" }).click()
  await expect(page.getByRole("table", { name: "Recent Transactions" })).toBeVisible()
  await shoot("billing-demo")
  await page.getByRole("link", { name: "History" }).click()
  await expect(page.getByRole("heading", { name: "Transactions" })).toBeVisible()
  await shoot("history")
  await page.goto("/teams")
  await shoot("teams")
})

test("the billing page", async ({ page, db, team, billingPath, signInAs, signInInstead, shoot }) => {
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam" } })
  await signInAs(team.owner)
  const open = async (name: string) => {
    await page.goto(billingPath)
    await expect(page.getByText("Current balance")).toBeVisible()
    await shoot(name)
  }
  await open("billing-new")
  await giveCredits(db, team, team.owner, 120n * NANOS_PER_USD, new Date(Date.now() - 9 * DAY_MS))
  await giveCredits(db, team, team.member, 4_200_000_000n)
  for (let day = 8; day >= 0; day--)
    await spendCredits(
      db,
      team,
      team.owner,
      4_420_000_000n + BigInt(day) * 123_456n,
      new Date(Date.now() - day * DAY_MS),
    )
  await open("billing-healthy")
  await page.getByRole("button", { name: "OWNER of the test Owner" }).click()
  await shoot("account-menu")
  await spendCredits(db, team, team.owner, 76n * NANOS_PER_USD)
  await open("billing-low")
  await putInDebt(db, team, team.owner, 12n * NANOS_PER_USD)
  await open("billing-debt")
  await signInInstead(team.member)
  await open("billing-member")
})

test("a usage record that three grants paid, opened", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  shoot,
}) => {
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam" } })
  await giveCredits(db, team, team.owner, 1_230_000_000n)
  await buyCredits(db, team, team.owner, 25n * NANOS_PER_USD)
  await buyCredits(db, team, team.owner, 50n * NANOS_PER_USD)
  await spendCredits(db, team, team.owner, 58_700_001_234n)
  await spendCredits(db, team, team.owner, 42n)
  await signInAs(team.owner)
  await page.goto(`${billingPath}/transactions`)
  await page.getByRole("link", { name: "Consumption" }).nth(1).click()
  await expect(page.getByText("Paid by")).toBeVisible()
  await shoot("history-opened")
})

test("the billing page with the longest names and the largest balance", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  shoot,
}) => {
  await db.team.update({ where: { id: team.id }, data: { name: LONG } })
  await db.user.update({ where: { id: team.owner.userId }, data: { name: LONG } })
  await giveCredits(db, team, team.owner, 9_999_999_990_000_000n)
  await spendCredits(db, team, team.owner, 42n)
  await signInAs(team.owner)
  await page.goto(billingPath)
  await shoot("billing-huge")
  await page.goto(`${billingPath}/transactions`)
  await shoot("history-huge")
  await page.goto("/teams")
  await shoot("teams-huge")
  await page.goto(billingPath)
  await page.getByRole("button", { name: "Purchase credits" }).click()
  await shoot("dialog-huge")
})

test("the dialog", async ({ page, db, team, billingPath, signInAs, payWith, stripe, shoot, watched }) => {
  watched.allow(/ERR_FAILED/)
  await giveCredits(db, team, team.owner, 42_180_000_000n)
  await signInAs(team.owner)
  await page.goto(billingPath)
  await page.getByRole("button", { name: "Purchase credits" }).click()
  const dialog = purchaseDialog(page)
  await expect(dialog.getByLabel("Amount in USD")).toBeFocused()
  await shoot("dialog-amount")
  await dialog.getByLabel("Amount in USD").fill("1.234")
  await dialog.getByRole("button", { name: "Purchase", exact: true }).click()
  await shoot("dialog-error")
  await page.route("**/billing", (route) =>
    route.request().method() === "POST" ? route.abort() : route.continue(),
  )
  await dialog.getByRole("button", { name: "$25", exact: true }).click()
  await dialog.getByRole("button", { name: "Purchase $25.00" }).click()
  await expect(dialog.getByRole("alert")).toBeVisible()
  await shoot("dialog-problem")
  await page.unroute("**/billing")
  await page.route("**/stripe.js", (route) => route.abort())
  await dialog.getByRole("button", { name: "Purchase $25.00" }).click()
  await expect(dialog.getByRole("button", { name: "Try again" })).toBeVisible()
  await shoot("dialog-not-loaded")
  await page.unroute("**/stripe.js")
  await dialog.getByRole("button", { name: "Try again" }).click()
  await expect(checkoutFrame(page).getByRole("button", { name: "Pay $25.00" })).toBeEnabled()
  await shoot("dialog-checkout")
  const { sessionId } = await openedCheckout(db, team)
  await payWith("4000000000009995")
  await expect(checkoutFrame(page).getByText("insufficient funds")).toBeVisible()
  await shoot("dialog-declined")
  await payWith("4000002760003184")
  await expect(bankFrame(page).getByRole("button", { name: "Complete authentication" })).toBeVisible()
  await shoot("dialog-bank")
  const other = await page.context().newPage()
  await other.goto(`${billingPath}/return?session_id=${sessionId}`)
  await expect(other.getByRole("heading", { name: "This payment was not completed" })).toBeVisible()
  await shootAll(other, "return-not-completed")
  await stripe.fault({
    match: { method: "GET", path: `/v1/checkout/sessions/${sessionId}` },
    times: 2,
    fault: { kind: "reset" },
  })
  await other.reload()
  await expect(other.getByRole("heading", { name: "We can’t see your payment yet" })).toBeVisible()
  await shootAll(other, "return-unavailable")
  await other.close()
  await bankFrame(page).getByRole("button", { name: "Complete authentication" }).click()
  await expect(page.getByRole("link", { name: "View receipt" })).toBeVisible()
  await shoot("toast-added")
})

test("a payment under way", async ({ page, db, team, billingPath, signInAs, payWith, stripe, shoot }) => {
  await giveCredits(db, team, team.owner, 42_180_000_000n)
  await signInAs(team.owner)
  await page.goto(billingPath)
  await openCheckout(page)
  const { customer, sessionId } = await openedCheckout(db, team)
  await stripe.nextPayment({ kind: "processing", customer })
  await payWith("4242424242424242")
  await expect(page.getByRole("row", { name: /Processing/ })).toBeVisible()
  await shoot("billing-processing")
  await stripe.settle(sessionId, { outcome: "fail" })
  await expect(page.getByRole("row", { name: /Processing/ })).toHaveCount(0)
  await page.goto(`${billingPath}/return?session_id=${sessionId}`)
  await shoot("return-ended")
})
