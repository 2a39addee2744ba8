import { balanceOf, putInDebt, spendCredits, withoutIncluded } from "@/dev/testing/pools"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect, test } from "./fixtures"
import { checkoutFrame, openCheckout, openedCheckout, payWithoutTab } from "./pages/checkout"

test.beforeEach(
  "the Owner buys credits for $25",
  async ({ page, db, team, billingPath, signInAs, stripe }) => {
    await withoutIncluded(db, team)
    await signInAs(team.owner)
    await page.goto(billingPath)
    await payWithoutTab(page, { db, team, stripe })
    await expect.poll(() => balanceOf(db, team, team.owner)).toBe(25n * NANOS_PER_USD)
  },
)

test("refunds made in Stripe’s Dashboard are in the transactions with their reason, and the balance follows", async ({
  page,
  db,
  team,
  billingPath,
  stripe,
}) => {
  const { customer } = await openedCheckout(db, team)
  const { data } = await stripe.payments({ customer })
  const charge = data[0]?.charge ?? ""
  await stripe.refund(charge, { amount: 1000, reason: "requested_by_customer" })
  const second = await stripe.refund(charge, { amount: 500, reason: "duplicate" })
  await expect.poll(() => balanceOf(db, team, team.owner)).toBe(10n * NANOS_PER_USD)
  await stripe.failRefund(second.id, { reason: "lost_or_stolen_card" })
  await expect.poll(() => balanceOf(db, team, team.owner)).toBe(15n * NANOS_PER_USD)
  await page.goto(billingPath)
  const card = page.getByRole("region", { name: "Credits" })
  await expect(card).toContainText("$15.00")
  await page.getByRole("link", { name: "History" }).click()
  const rows = page.getByRole("table", { name: "Transactions" }).getByRole("row")
  await expect(rows.filter({ hasText: "Requested by customer" })).toContainText(
    /Refund.*Part of the purchase of \d+ \w+ · Requested by customer.*−\$10\.00/,
  )
  await expect(rows.filter({ hasText: "Paid twice" })).toContainText(/Refund.*−\$5\.00/)
  await expect(rows.filter({ hasText: "The card was lost or stolen" })).toContainText(
    /Adjustment.*Refund of \d+ \w+ failed · The card was lost or stolen.*\+\$5\.00/,
  )
  await expect(page.getByRole("link", { name: "Receipt" })).toHaveCount(1)
})

test("a dispute larger than what is left is a debt that says why, until a purchase repays it, and comes back when it is won", async ({
  page,
  db,
  team,
  billingPath,
  stripe,
}) => {
  await spendCredits(db, team, team.owner, 20n * NANOS_PER_USD)
  const { customer } = await openedCheckout(db, team)
  const { data } = await stripe.payments({ customer })
  const dispute = await stripe.dispute(data[0]?.charge ?? "", { reason: "product_not_received" })
  await expect.poll(() => balanceOf(db, team, team.owner)).toBe(-20n * NANOS_PER_USD)
  await page.goto(billingPath)
  const card = page.getByRole("region", { name: "Credits" })
  await expect(card).toContainText("−$20.00")
  await expect(card).toContainText("A disputed payment was larger than what was left.")
  await expect(card.getByRole("row", { name: /^Dispute/ })).toContainText("Said not to be received")
  await openCheckout(page)
  // With the card that the first purchase saved.
  await checkoutFrame(page).getByRole("button", { name: "Pay $25.00" }).click()
  await expect(card).toContainText("$5.00")
  await expect(card).not.toContainText("was larger than what was left")
  await stripe.closeDispute(dispute.id, "won")
  await expect.poll(() => balanceOf(db, team, team.owner)).toBe(30n * NANOS_PER_USD)
  await page.goto(billingPath)
  await expect(card.getByRole("row", { name: /^Dispute reversed/ })).toContainText("Dispute won")
})

test("a Member whose own pool a refund left in debt is told why and whom to ask", async ({
  page,
  db,
  team,
  billingPath,
  signInInstead,
}) => {
  await putInDebt(db, team, team.member, 12n * NANOS_PER_USD)
  await signInInstead(team.member)
  await page.goto(billingPath)
  const card = page.getByRole("region", { name: "Credits" })
  await expect(card).toContainText("−$12.00")
  await expect(card).toContainText(
    "A refund was larger than what was left. Usage resumes once it is covered.",
  )
  await expect(card).toContainText("Ask an Owner or Admin to add credits")
})
