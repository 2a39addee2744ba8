import { afterEach, beforeEach, expect, test } from "vitest"
import { listTopUps, prepareTopUp, runTopUp, spendDown } from "@/dev/testing/auto-top-up"
import { credit, usd } from "@/dev/testing/ledger"
import { customerOf } from "@/dev/testing/payment-methods"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { listBillingDocuments } from "@/lib/billing/invoice-queries"
import { syncInvoices } from "@/lib/billing/record-invoice"
import { DAY_MS } from "@/lib/clock"
import { stripeAt } from "@/stand-in/testing"
import { invoiceTopUp } from "./invoice-top-up"

const world = testWorld()
const stripe = () => stripeAt(world.stripe.url)
let team: TestTeam
let customer: string

/** A team whose pool was just topped up by $50.00. */
beforeEach(async () => {
  await world.stripe.control.reset()
  team = await createTestTeam(world.db, { plan: "free" })
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  await credit(world.db, pool, usd(20))
  await prepareTopUp(world, team)
  await spendDown(world, pool, usd(15))
  await runTopUp(world, team)
  customer = await customerOf(world, team)
})
afterEach(() => world.stripe.control.clearFaults())

async function invoice(): Promise<void> {
  const [topUp] = await listTopUps(world, team)
  await invoiceTopUp(world, { teamId: team.id, purchaseId: topUp?.id ?? "" })
}
const giveCredit = () =>
  stripe().customers.createBalanceTransaction(customer, { amount: -2_000, currency: "usd" })
const balance = async () => {
  const found = await stripe().customers.retrieve(customer)
  return found.deleted ? null : found.balance
}
const atStripe = async () => (await stripe().invoices.list({ customer })).data
const charged = async () =>
  (await world.stripe.control.payments({ customer })).data.map((payment) => payment.amount_received)

test("a top-up that was credited is invoiced as a purchase is, by the payment that paid it", async () => {
  const jobs = await world.db.$queryRaw<unknown[]>`
    SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = 'invoice-top-up'`
  expect(jobs).toHaveLength(1)
  await invoice()
  expect(await atStripe()).toMatchObject([
    { status: "paid", total: 5_000, amount_paid: 5_000, description: "$50.00 of credits, auto top-up" },
  ])
  expect(await charged()).toEqual([5_000])
  await syncInvoices(world, team.id)
  expect((await listBillingDocuments(world.db, team.id)).documents).toMatchObject([
    { what: "Credits", amount: "$50.00", status: "paid", invoiceId: expect.stringMatching(/^in_/) },
  ])
})

test("asked again, or with its answers lost, there is one invoice and nothing more is charged", async () => {
  const match = { method: "POST", path: "/v1/invoice*" } as const
  await world.stripe.control.fault({ match, times: 4, fault: { kind: "answer_lost" } })
  await invoice().catch(() => undefined)
  await world.stripe.control.clearFaults()
  await invoice()
  await invoice()
  expect(await atStripe()).toMatchObject([{ status: "paid", total: 5_000, amount_paid: 5_000 }])
  expect(await charged()).toEqual([5_000])
})

test("asked twice at once nothing is charged, and no more than one is paid", async () => {
  await Promise.allSettled([invoice(), invoice()])
  expect((await atStripe()).filter(({ status }) => status === "paid").length).toBeLessThanOrEqual(1)
  expect(await charged()).toEqual([5_000])
})

const STEPS = ["/v1/invoiceitems", "/v1/invoices/*/finalize", "/v1/invoices/*/attach_payment"]

test.each(STEPS)("interrupted at %s, the next try goes on from there, however late", async (path) => {
  await invoiceInterruptedAt(path)
  await syncInvoices(world, team.id)
  expect((await listBillingDocuments(world.db, team.id)).documents).toMatchObject([
    { what: "Credits", status: "paid", invoiceId: null },
  ])
  await world.stripe.control.advance(3 * DAY_MS)
  await invoice()
  expect(await atStripe()).toMatchObject([{ status: "paid", total: 5_000 }])
})

async function invoiceInterruptedAt(path: string): Promise<void> {
  const fault = { kind: "status", status: 500 } as const
  await world.stripe.control.fault({ match: { method: "POST", path }, times: 9, fault })
  await expect(invoice()).rejects.toThrow("Stripe can’t be reached.")
  await world.stripe.control.clearFaults()
}

test.each([
  { what: "credit", amount: -2_000 },
  { what: "something to pay", amount: 2_000 },
])(
  "a customer with $what at Stripe keeps it: the top-up has its receipt and no invoice",
  async ({ amount }) => {
    await stripe().customers.createBalanceTransaction(customer, { amount, currency: "usd" })
    await invoice()
    expect(await atStripe()).toEqual([])
    const { balance } = (await stripe().customers.retrieve(customer)) as { balance: number }
    expect(balance).toBe(amount)
  },
)

test("credit that comes up before it is final stays, and no invoice does", async () => {
  await invoiceInterruptedAt("/v1/invoices/*/finalize")
  await syncInvoices(world, team.id)
  await giveCredit()
  await invoice()
  expect(await atStripe()).toEqual([])
  expect(await balance()).toBe(-2_000)
})

test("credit that it has used is given back", async () => {
  await invoiceInterruptedAt("/v1/invoices/*/finalize")
  await giveCredit()
  for (const { id } of await atStripe()) await stripe().invoices.finalizeInvoice(id ?? "")
  await syncInvoices(world, team.id)
  expect(await balance()).toBe(0)
  await invoice()
  await invoice()
  expect(await atStripe()).toMatchObject([{ status: "void" }])
  await syncInvoices(world, team.id)
  expect((await listBillingDocuments(world.db, team.id)).documents).toMatchObject([
    { what: "Credits", status: "paid", invoiceId: null },
  ])
  expect(await balance()).toBe(-2_000)
  expect(await charged()).toEqual([5_000])
})
