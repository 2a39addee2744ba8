import { expect, test } from "./fixtures"
import {
  checkoutFrame,
  openCheckout,
  openedCheckout,
  purchaseDialog,
  purchaseStatuses,
} from "./pages/checkout"

const OUT_OF_RANGE = "Enter an amount from $5.00 to $1,000.00."
const TOO_PRECISE = "Use at most two decimals."

test.beforeEach(async ({ page, team, billingPath, signInAs }) => {
  await signInAs(team.owner)
  await page.goto(billingPath)
})

test("an amount that can't be bought is explained at the field and never reaches the server", async ({
  page,
  db,
  team,
}) => {
  const calls: string[] = []
  page.on("request", (request) => request.method() === "POST" && calls.push(request.url()))
  await page.getByRole("button", { name: "Purchase credits" }).click()
  const dialog = purchaseDialog(page)
  const field = dialog.getByLabel("Amount in USD")
  const cases = [
    ["4.99", OUT_OF_RANGE],
    ["1000.01", OUT_OF_RANGE],
    ["", OUT_OF_RANGE],
    ["0", OUT_OF_RANGE],
    ["-10", OUT_OF_RANGE],
    ["1e2", OUT_OF_RANGE],
    ["1,00", OUT_OF_RANGE],
    ["1.000,00", OUT_OF_RANGE],
    ["$$25", OUT_OF_RANGE],
    ["1,000.01", OUT_OF_RANGE],
    ["٢٥", OUT_OF_RANGE],
    ["99999999999999999999", OUT_OF_RANGE],
    ["10.001", TOO_PRECISE],
    ["10.000", TOO_PRECISE],
  ] as const
  for (const [amount, sentence] of cases) {
    await field.fill(amount)
    await dialog.getByRole("button", { name: "Purchase", exact: true }).click()
    await expect(dialog.getByText(sentence, { exact: true })).toBeVisible()
    await expect(field).toHaveAttribute("aria-invalid", "true")
    await expect(field).toHaveAccessibleDescription(sentence)
    await expect(field).toBeFocused()
  }
  for (const amount of ["5", "1000", "5.5", "1,000.00", " $1,000.00 ", "$25.00 "]) {
    await field.fill(amount)
    await expect(field).not.toHaveAttribute("aria-invalid", "true")
  }
  expect(calls).toEqual([])
  expect(await db.purchase.count({ where: { teamId: team.id } })).toBe(0)
})

test("ten clicks at once on Purchase open one checkout", async ({ page, db, team, stripe }) => {
  await page.getByRole("button", { name: "Purchase credits" }).click()
  const submit = purchaseDialog(page).getByRole("button", { name: "Purchase $10.00" })
  await submit.evaluate((button: HTMLButtonElement) => {
    for (let click = 0; click < 10; click++) button.click()
  })
  await expect(checkoutFrame(page).getByRole("button", { name: "Pay $10.00" })).toBeVisible()
  const { customer } = await openedCheckout(db, team)
  const opened = await stripe.requests({ customer, path: "/v1/checkout/sessions", method: "POST" })
  expect(opened.data.filter(({ path }) => path === "/v1/checkout/sessions")).toHaveLength(1)
  expect(await purchaseStatuses(db, team)).toEqual(["open"])
})

test("while Stripe can't be reached one sentence says so, and trying again works", async ({
  page,
  db,
  team,
  stripe,
}) => {
  await openCheckout(page, "10.00")
  await purchaseDialog(page).getByRole("button", { name: "Back" }).click()
  await expect.poll(() => purchaseStatuses(db, team)).toEqual(["cancelled"])
  const { customer } = await openedCheckout(db, team)
  // The SDK repeats a lost connection once.
  await stripe.fault({
    match: { method: "POST", path: "/v1/checkout/sessions", customer },
    times: 2,
    fault: { kind: "reset" },
  })
  await page.getByRole("button", { name: "Purchase $10.00" }).click()
  await expect(page.getByRole("alert").filter({ hasText: "Stripe" })).toContainText(
    "Stripe can’t be reached right now. Nothing was charged. Try again in a moment.",
  )
  await page.getByRole("button", { name: "Purchase $10.00" }).click()
  await expect(checkoutFrame(page).getByRole("button", { name: "Pay $10.00" })).toBeVisible()
  expect(await purchaseStatuses(db, team)).toEqual(["cancelled", "failed", "open"])
})

test("while our own server can't be reached one sentence says so, and trying again works", async ({
  page,
  watched,
  db,
  team,
}) => {
  watched.allow(/ERR_FAILED/)
  await page.getByRole("button", { name: "Purchase credits" }).click()
  await page.route("**/billing", (route) =>
    route.request().method() === "POST" ? route.abort() : route.continue(),
  )
  await page.getByRole("button", { name: "Purchase $10.00" }).click()
  await expect(page.getByRole("alert").filter({ hasText: "payment" })).toContainText(
    "The payment couldn’t be started. Check your connection, then try again.",
  )
  expect(await db.purchase.count({ where: { teamId: team.id } })).toBe(0)
  await page.unroute("**/billing")
  await page.getByRole("button", { name: "Purchase $10.00" }).click()
  await expect(checkoutFrame(page).getByRole("button", { name: "Pay $10.00" })).toBeVisible()
})

test("a payment form that can't be loaded is explained, and trying again loads it", async ({
  page,
  watched,
  payWith,
}) => {
  watched.allow(/ERR_FAILED/)
  await page.route("**/stripe.js", (route) => route.abort())
  await page.getByRole("button", { name: "Purchase credits" }).click()
  await page.getByRole("button", { name: "Purchase $10.00" }).click()
  const problem = purchaseDialog(page).getByRole("alert")
  await expect(problem).toContainText(
    "The payment form couldn’t be loaded. Check your connection or ad blocker, then try again.",
  )
  await page.unroute("**/stripe.js")
  await problem.getByRole("button", { name: "Try again" }).click()
  await payWith("4242424242424242")
  await expect(page.getByText("$10.00 added.").first()).toBeAttached()
})
