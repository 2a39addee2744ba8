import { callServerAction, requireServerAction } from "@/dev/testing/actions"
import { startTestSession } from "@/dev/testing/sessions"
import type { TestTeam } from "@/dev/testing/teams"
import { toPublicId } from "@/lib/ids"
import { STRIPE_LIMITS, STRIPE_WINDOW_MS } from "@/lib/rate-limits/admit-to-stripe"
import { awaitFollowedCustomer } from "./customers"
import { expect, test } from "./fixtures"

/** Every action that asks Stripe, at once or through a job. */
const ASKING = (team: TestTeam, purchaseId: string): Record<string, unknown> => {
  const poolId = toPublicId("pool", team.owner.poolId)
  const settings = { enabled: true, threshold: "10", amount: "50", agreedCharge: null }
  return {
    startPurchase: { amount: "25", requestKey: crypto.randomUUID(), poolId },
    confirmPurchase: { purchaseId },
    cancelPurchase: { purchaseId },
    runReconciliation: {},
    startAddingPaymentMethod: { requestKey: crypto.randomUUID() },
    finishAddingPaymentMethod: { setupIntentId: "seti_any", makeDefault: true },
    setDefaultPaymentMethod: { paymentMethodId: "pm_any" },
    removePaymentMethod: { paymentMethodId: "pm_any" },
    startSubscription: { plan: "max", quantity: 3 },
    confirmSubscription: {},
    openPortal: { tab: "plan", poolId: null },
    saveAutoTopUp: { ...settings, poolId, version: 0, cap: { version: 1, amount: "200" } },
    resumeAutoTopUp: { poolId, agreedCharge: null },
    readAuthentication: { poolId },
    finishAuthentication: { poolId },
  }
}

test("a person who has had their share of Stripe is refused by every action and page, before Stripe is asked", async ({
  page,
  db,
  team,
  billingPath,
  stripe,
  signInAs,
}) => {
  const session = await startTestSession(db, team.owner.userId)
  const call = async (name: string, input: unknown) => {
    const action = await requireServerAction(name)
    return callServerAction(action, { path: billingPath, session, args: [team.slug, input] })
  }
  const started = await call("startPurchase", ASKING(team, "").startPurchase)
  const purchaseId = String(Reflect.get(Object(started.value?.value), "purchaseId"))
  const { checkoutSessionId } = await db.purchase.findFirstOrThrow({ where: { teamId: team.id } })
  const customer = await awaitFollowedCustomer(db, team.id)
  const callsBefore = (await stripe.requests({ customer })).count

  const now = Date.now() - (Date.now() % STRIPE_WINDOW_MS)
  const subject = `stripe:team:${team.id}`
  await db.rateLimit.deleteMany({ where: { subject } })
  await db.rateLimit.createMany({
    data: [now, now + STRIPE_WINDOW_MS].map((at) => ({
      subject,
      windowStart: new Date(at),
      attempts: STRIPE_LIMITS.team,
    })),
  })
  for (const [name, input] of Object.entries(ASKING(team, purchaseId)))
    expect((await call(name, input)).value, name).toMatchObject({
      ok: false,
      code: "too_many_attempts",
      message: "Too many attempts. Wait a few minutes, then try again.",
    })
  await signInAs(team.owner)
  await page.goto(`${billingPath}/return?session_id=${checkoutSessionId}`)
  await expect(page.getByRole("heading", { name: "We can’t see your payment yet" })).toBeVisible()
  await page.goto(`${billingPath}/invoices/in_any`)
  await expect(page.getByText("Too many attempts. Wait a few minutes, then try again.")).toBeVisible()
  await page.goto(`${billingPath}/plan-return`)
  await expect(page.getByRole("heading", { name: "Billing", exact: true })).toBeVisible()
  expect((await stripe.requests({ customer })).count).toBe(callsBefore)
})

test("a purchase that doesn’t exist asks Stripe nothing", async ({ db, team, billingPath, stripe }) => {
  const session = await startTestSession(db, team.owner.userId)
  const confirm = await requireServerAction("confirmPurchase")
  const unknown = { purchaseId: toPublicId("pur", crypto.randomUUID()) }
  await callServerAction(await requireServerAction("startPurchase"), {
    path: billingPath,
    session,
    args: [team.slug, ASKING(team, "").startPurchase],
  })
  const customer = await awaitFollowedCustomer(db, team.id)
  const read = (await stripe.requests({ customer, path: `/v1/customers/${customer}/payment_methods` })).count
  const answer = await callServerAction(confirm, { path: billingPath, session, args: [team.slug, unknown] })
  expect(answer.value).toMatchObject({ ok: false, code: "not_found" })
  expect((await stripe.requests({ customer, path: `/v1/customers/${customer}/payment_methods` })).count).toBe(
    read,
  )
})

test("a person who has made many teams today is told so, with and without teams of their own", async ({
  page,
  db,
  team,
  signInAs,
}) => {
  await signInAs(team.owner)
  await page.goto("/teams?problem=limit")
  await expect(page.getByText("You’ve made many teams today. Try again tomorrow.")).toBeVisible()
  const newcomer = await db.user.create({ data: { email: `newcomer-${team.slug}@example.com` } })
  await signInAs({ userId: newcomer.id })
  await page.goto("/teams?problem=limit")
  await expect(page.getByText("You’ve made many teams today. Try again tomorrow.")).toBeVisible()
})
