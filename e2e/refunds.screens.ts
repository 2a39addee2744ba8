import { balanceOf, spendCredits } from "@/dev/testing/pools"
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
