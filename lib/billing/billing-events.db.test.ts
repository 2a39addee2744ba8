import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { readPool, usd } from "@/dev/testing/ledger"
import { disputeOf, refundOf, report, reportDispute } from "@/dev/testing/money-back"
import { payCheckout, startTestPurchase } from "@/dev/testing/purchases"
import { beginUse, payForPlan, readCopy, stripeNow, subscribe, sync } from "@/dev/testing/subscriptions"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { sendEvent, workInbox } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { stripeAt } from "@/stand-in/testing"
import { syncBilling } from "./confirm-subscription"
import { findInvoiceAddress } from "./find-invoice-address"
import { listBillingDocuments } from "./invoice-queries"
import { keepInvoice } from "./keep-invoice"
import { openPortal } from "./open-portal"

const world = testWorld()
let team: TestTeam

beforeEach(async () => {
  await world.stripe.control.reset()
  team = await createTestTeam(world.db, { plan: "free" })
})
afterEach(() => world.db.stripeEvent.deleteMany())

const stripe = () => stripeAt(world.stripe.url)
const planOf = async () => (await world.db.team.findUniqueOrThrow({ where: { id: team.id } })).plan
const documents = async () => (await listBillingDocuments(world.db, team.id)).documents

/** Returns Stripe's events about the customer, as the inbox would get them: by type and object. */
async function eventsOf(customerId: string): Promise<{ type: string; id: string }[]> {
  const { data } = await world.stripe.control.events({ customer: customerId })
  return data.map(({ type, data: { object } }) => ({ type, id: String(Reflect.get(object, "id")) }))
}

describe.each([
  ["in order", (events: { type: string; id: string }[]) => events],
  ["in reverse", (events: { type: string; id: string }[]) => events.toReversed()],
  ["twice each", (events: { type: string; id: string }[]) => events.flatMap((event) => [event, event])],
  ["with all but one lost", (events: { type: string; id: string }[]) => events.slice(-1)],
])("the events of a subscription %s", (_, arrange) => {
  test("end in the same plan, period and credits", async () => {
    await beginUse(world, team)
    const customerId = await payForPlan(world, team)
    for (const { type, id } of arrange(await eventsOf(customerId)))
      await sendEvent({ type, data: { object: { id, customer: customerId } } })
    const statuses = await workInbox(world, await stripeNow(world))
    expect(statuses.filter(([, status]) => status === "failed")).toEqual([])
    expect(await planOf()).toBe("build")
    expect(await readCopy(world, team)).toMatchObject({ status: "active", plan: "build" })
    const pool = { teamId: team.id, poolId: team.owner.poolId }
    expect((await readPool(world.db, pool)).includedNanos).toBe(usd(20))
    expect(await world.db.parkedPayment.count({ where: { teamId: team.id } })).toBe(0)
    expect(await world.db.purchase.count({ where: { teamId: team.id } })).toBe(0)
  })
})

describe("a payment that fails at the renewal", () => {
  async function failRenewal() {
    const { customerId, stripeId } = await subscribe(world, team, "build")
    const method = await stripe().paymentMethods.attach("pm_card_chargeCustomerFail", {
      customer: customerId,
    })
    await stripe().subscriptions.update(stripeId, { default_payment_method: method.id })
    await world.stripe.control.advance(32 * DAY_MS)
    await sync(world, team)
    return { customerId, stripeId }
  }

  test("keeps the plan while Stripe tries again, and all is well once it is paid", async () => {
    await beginUse(world, team)
    const { customerId, stripeId } = await failRenewal()
    expect(await readCopy(world, team)).toMatchObject({ status: "past_due", invoiceStatus: "open" })
    expect(await planOf()).toBe("build")
    const good = await stripe().paymentMethods.attach("pm_card_visa", { customer: customerId })
    const { latest_invoice } = await stripe().subscriptions.retrieve(stripeId)
    await stripe().invoices.pay(String(latest_invoice), { payment_method: good.id })
    await sync(world, team)
    expect(await readCopy(world, team)).toMatchObject({ status: "active", invoiceStatus: "paid" })
    const pool = { teamId: team.id, poolId: team.owner.poolId }
    expect((await readPool(world.db, pool)).includedNanos).toBe(usd(20))
  })
})

describe("receipts and invoices", () => {
  test("has a plan’s invoice and a purchase’s, each once, newest first", async () => {
    await subscribe(world, team, "build")
    const purchase = await startTestPurchase(world, team, { now: await stripeNow(world) })
    const payment = await payCheckout(world, purchase.sessionId)
    await sendEvent({ type: "payment_intent.succeeded", data: { object: { id: payment } } })
    for (const { type, id } of await eventsOf(purchase.customerId))
      if (type === "invoice.paid") await sendEvent({ type, data: { object: { id } } })
    await workInbox(world, await stripeNow(world))
    const found = await documents()
    expect(found.map(({ what, amount, status }) => [what, amount, status]).sort()).toEqual([
      ["Build plan", "$75.00", "paid"],
      ["Credits", "$25.00", "paid"],
    ])
    const credits = found.find(({ what }) => what === "Credits")
    expect(credits?.invoiceId).toMatch(/^in_/)
    expect(credits?.receiptUrl).toContain("http")
  })

  test("has a purchase whose invoice’s event was lost, and then its invoice when it is read", async () => {
    const purchase = await startTestPurchase(world, team, { now: await stripeNow(world) })
    const payment = await payCheckout(world, purchase.sessionId)
    await sendEvent({ type: "payment_intent.succeeded", data: { object: { id: payment } } })
    await workInbox(world)
    expect(await documents()).toMatchObject([{ what: "Credits", amount: "$25.00", invoiceId: null }])
    expect(await syncBilling({ db: world.db, now: new Date() }, team.id)).toBe(true)
    expect(await documents()).toMatchObject([{ what: "Credits", invoiceId: expect.stringMatching(/^in_/) }])
  })

  test.each([
    ["Refunded", undefined, "refunded"],
    ["Partly refunded", 1_000, "partly_refunded"],
  ])("says of a purchase that it was %s", async (_, amount, status) => {
    const purchase = await startTestPurchase(world, team, { now: await stripeNow(world) })
    const payment_intent = await payCheckout(world, purchase.sessionId)
    await sendEvent({ type: "payment_intent.succeeded", data: { object: { id: payment_intent } } })
    await workInbox(world)
    expect(await documents()).toMatchObject([{ what: "Credits", status: "paid" }])
    const refund = await stripe().refunds.create({ payment_intent, ...(amount && { amount }) })
    await sendEvent({ type: "refund.created", data: { object: { id: refund.id } } })
    await workInbox(world)
    expect(await documents()).toMatchObject([{ what: "Credits", invoiceId: null, status }])
    await syncBilling({ db: world.db, now: new Date() }, team.id)
    expect(await documents()).toMatchObject([
      { what: "Credits", invoiceId: expect.stringMatching(/^in_/), status },
    ])
  })

  test("says of a purchase that it is disputed, until the dispute is won, and counts no refund that failed", async () => {
    const purchase = await startTestPurchase(world, team, { now: await stripeNow(world) })
    const payment = await payCheckout(world, purchase.sessionId)
    await sendEvent({ type: "payment_intent.succeeded", data: { object: { id: payment } } })
    await workInbox(world)
    const { purchaseId } = purchase.ref
    const bought = { teamId: team.id, poolId: team.owner.poolId, purchaseId, paymentIntentId: payment }
    const opened = await disputeOf(world.db, bought, usd(25))
    await reportDispute(world.db, opened)
    expect(await documents()).toMatchObject([{ status: "disputed" }])
    await reportDispute(world.db, { ...opened, status: "won" })
    expect(await documents()).toMatchObject([{ status: "paid" }])
    await report(world.db, await refundOf(world.db, bought, usd(25), { status: "failed" }))
    expect(await documents()).toMatchObject([{ status: "paid" }])
  })

  test("never takes an invoice for another team’s purchase, though its metadata names it", async () => {
    const other = await createTestTeam(world.db)
    const foreign = await startTestPurchase(world, other, { now: await stripeNow(world) })
    await payCheckout(world, foreign.sessionId)
    // As if this team's customer had paid.
    await world.db.stripeCustomer.updateMany({ where: { teamId: other.id }, data: { teamId: team.id } })
    await syncBilling({ db: world.db, now: new Date() }, team.id)
    expect(await world.db.invoice.findMany({ where: { teamId: team.id } })).toMatchObject([
      { kind: "other", purchaseId: null },
    ])
  })

  test("leads to an invoice of the team’s own only", async () => {
    await subscribe(world, team, "build")
    await syncBilling({ db: world.db, now: await stripeNow(world) }, team.id)
    const [invoice] = await documents()
    const invoiceId = invoice?.invoiceId ?? ""
    const address = (teamId: string) => findInvoiceAddress({ db: world.db }, { teamId, invoiceId })
    expect(await address(team.id)).toMatchObject({ kind: "found", url: expect.stringContaining("http") })
    expect(await address((await createTestTeam(world.db)).id)).toEqual({ kind: "none" })
  })

  test("an invoice never goes back, however late it is read", async () => {
    await world.db.$executeRaw`
      INSERT INTO invoices (team_id, id, kind, amount_minor, currency, status, created_at)
      VALUES (${team.id}::uuid, 'in_late', 'other', 1, 'usd', 'paid', now())`
    await keepInvoice(world.db, team.id, {
      id: "in_late",
      customerId: null,
      number: null,
      isOfSubscription: false,
      purchaseId: null,
      plan: null,
      fromCreditMinor: 0n,
      amountMinor: 1n,
      currency: "usd",
      status: "open",
      createdAt: new Date(),
    })
    expect(await world.db.invoice.findFirst({ where: { id: "in_late" } })).toMatchObject({ status: "paid" })
  })
})

describe("the portal", () => {
  const visit = (actor = team.owner) =>
    openPortal(
      {
        db: world.db,
        now: new Date(),
        appUrl: "http://localhost:3000",
        team,
        actor: { ...actor, address: `address of ${team.id}` },
      },
      { tab: "payments", poolId: team.owner.poolId },
    )

  test("lets an Owner change the plan and an Admin only payment methods, each by one configuration", async () => {
    await subscribe(world, team, "build")
    await Promise.all([visit(), visit(), visit(team.admin), visit(team.admin)])
    const { data } = await stripe().billingPortal.configurations.list({ active: true, limit: 100 })
    const ours = data.filter(({ metadata }) => metadata?.credits_portal)
    expect(
      ours
        .map(({ metadata, features }) => [
          metadata?.credits_portal,
          features.subscription_update.enabled,
          features.subscription_cancel.enabled,
        ])
        .sort(),
    ).toEqual([
      ["payment", false, false],
      ["plan", true, true],
    ])
    const { data: calls } = await world.stripe.control.requests({ path: "/v1/billing_portal/sessions" })
    expect(calls.length).toBeGreaterThan(0)
  })

  test("refuses a Member", async () => {
    await expect(visit(team.member)).rejects.toThrow("Ask an Owner or Admin")
  })

  test("is told to be out of reach, and nothing was changed", async () => {
    await world.stripe.control.fault({
      match: { path: "/v1/billing_portal/sessions" },
      times: 4,
      fault: { kind: "status", status: 500 },
    })
    await expect(visit()).rejects.toThrow("Stripe can’t be reached")
  })
})
