import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { balanceOf, buyCredits, giveCredits, spendCredits, withoutIncluded } from "@/dev/testing/pools"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect } from "./fixtures"
import { payWithoutTab } from "./pages/checkout"
import { test } from "./pages/shoot"

test("refunds, a dispute that leaves a debt, and its end", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  signInInstead,
  stripe,
  shoot,
}) => {
  await signInAs(team.owner)
  await page.goto(billingPath)
  const { customer } = await payWithoutTab(page, { db, team, stripe })
  const balance = () => expect.poll(() => balanceOf(db, team, team.owner))
  await balance().toBe(25n * NANOS_PER_USD)
  const charge = (await stripe.payments({ customer })).data[0]?.charge ?? ""
  const refund = await stripe.refund(charge, { amount: 1000, reason: "requested_by_customer" })
  await balance().toBe(15n * NANOS_PER_USD)
  await stripe.failRefund(refund.id, { reason: "lost_or_stolen_card" })
  await balance().toBe(25n * NANOS_PER_USD)
  await page.goto(billingPath)
  await shoot("refunds")
  await spendCredits(db, team, team.owner, 20n * NANOS_PER_USD)
  const dispute = await stripe.dispute(charge, { reason: "product_not_received" })
  await balance().toBe(-20n * NANOS_PER_USD)
  await page.goto(billingPath)
  await shoot("dispute-debt")
  await page.goto(`${billingPath}/transactions`)
  await shoot("dispute-history")
  await become(team.member)
  await page.goto(billingPath)
  await shoot("dispute-debt-member")
  await stripe.closeDispute(dispute.id, "won")
  await balance().toBe(5n * NANOS_PER_USD)
  await become(team.owner)
  await page.goto(billingPath)
  await shoot("dispute-won")

  async function become(person: typeof team.owner) {
    await signInInstead(person)
  }
})

test("usage that was reversed, and its corrections", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  shoot,
}) => {
  await withoutIncluded(db, team)
  await giveCredits(db, team, team.owner, usd(1))
  await buyCredits(db, team, team.owner, usd(25))
  const { apiKey } = await createTestApiKey(db, team, { name: "production" })
  const send = async (path: string, key: string, data: object) => {
    const headers = { authorization: `Bearer ${apiKey}`, "idempotency-key": key }
    const answer = await page.request.post(`/api/v1${path}`, { data, headers })
    expect(answer.status(), await answer.text()).toBe(200)
  }
  await send("/usage", "call-90212", { consumable: "agent_compute", quantity: "12.5" })
  await signInAs(team.owner)
  await page.goto(`${billingPath}/transactions`)
  await expect(page.getByRole("link", { name: "Consumption" })).toBeVisible()
  const reason = "The run was stopped at once, and its meter went on until the next morning"
  await send("/usage/reversals", "first", { key: "call-90212", quantity: "2.25", reason })
  // The open page follows.
  await expect(page.getByRole("link", { name: "Correction" })).toBeVisible()
  await send("/usage/reversals", "second", { key: "call-90212", reason: "Metered twice" })
  await expect(page.getByRole("link", { name: "Correction" })).toHaveCount(2)
  await page.goto(billingPath)
  await shoot("reversal-card")
  await page.getByRole("link", { name: "History" }).click()
  await page.getByRole("link", { name: "Consumption" }).click()
  await page.getByRole("link", { name: /hours/ }).first().waitFor()
  await shoot("reversal-record")
  await page.getByRole("link", { name: "2.25 hours" }).click()
  await expect(page.getByText(reason)).toBeVisible()
  await shoot("reversal-correction")
  await page.getByRole("link", { name: "12.5 hours" }).click()
  await page
    .getByRole("link", { name: "9.75 hours" })
    .or(page.getByRole("link", { name: "10.25 hours" }))
    .click()
  await expect(page.getByText("Metered twice")).toBeVisible()
  await shoot("reversal-rest")
})
