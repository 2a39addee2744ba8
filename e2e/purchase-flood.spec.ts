import { callServerAction, requireServerAction } from "@/dev/testing/actions"
import { startTestSession } from "@/dev/testing/sessions"
import { toPublicId } from "@/lib/ids"
import { CHECKOUT_LIMITS } from "@/lib/rate-limits/take-checkout-attempt"
import { expect, required, test } from "./fixtures"
import { purchaseDialog } from "./pages/checkout"

test("somebody who opens checkout after checkout is stopped, whatever addresses are claimed, and reads why", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  stripe,
}) => {
  const session = await startTestSession(db, team.owner.userId)
  const action = await requireServerAction("startPurchase")
  const poolId = toPublicId("pool", team.owner.poolId)
  const ask = (index: number) =>
    callServerAction(action, {
      path: billingPath,
      session,
      args: [team.slug, { amount: "25", requestKey: crypto.randomUUID(), poolId }],
      headers: {
        origin: required("E2E_APP_URL"),
        "x-forwarded-for": `127.113.0.${index}, 127.51.100.${index}`,
      },
    })
  const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => ask(index)))
  const refused = answers.filter(({ value }) => value?.ok === false)
  expect(new Set(refused.map(({ value }) => value?.code))).toEqual(new Set(["too_many_attempts"]))
  // A window may end in between.
  expect(answers.length - refused.length).toBeGreaterThanOrEqual(CHECKOUT_LIMITS.user)
  expect(answers.length - refused.length).toBeLessThanOrEqual(2 * CHECKOUT_LIMITS.user)
  const customer = await db.stripeCustomer.findFirstOrThrow({ where: { teamId: team.id } })
  const { data } = await stripe.requests({
    customer: customer.id,
    path: "/v1/checkout/sessions",
    method: "POST",
  })
  expect(data).toHaveLength(answers.length - refused.length)

  // Fills the next window too, in case it has begun.
  const subject = `checkout:user:${team.owner.userId}`
  const [latest] = await db.rateLimit.findMany({ where: { subject }, orderBy: { windowStart: "desc" } })
  const windowStart = new Date((latest?.windowStart.getTime() ?? 0) + 600_000)
  await db.rateLimit.create({ data: { subject, windowStart, attempts: CHECKOUT_LIMITS.user } })
  await signInAs(team.owner)
  await page.goto(billingPath)
  await page.getByRole("button", { name: "Purchase credits" }).click()
  await page.getByRole("button", { name: "Purchase $10.00" }).click()
  await expect(purchaseDialog(page).getByRole("alert")).toContainText(
    "Too many attempts. Wait a few minutes, then try again.",
  )
  expect(data).toHaveLength(await db.purchase.count({ where: { teamId: team.id } }))
})
