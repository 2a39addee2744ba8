import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { figuresInWords } from "@/components/credits/figures-list"
import { withPayments } from "@/dev/demo/payments"
import { freePort } from "@/dev/stack/ports"
import { makeAt } from "@/dev/testing/statements"
import { testDatabase } from "@/dev/testing/world"
import { CONSUMABLE_CODES } from "@/lib/catalog/schema"
import { DAY_MS } from "@/lib/clock"
import { getFigures } from "@/lib/ledger/queries"
import { formatBalance, formatUsd, parseUsd } from "@/lib/money/usd"
import { emptyUntil } from "@/lib/pools/empty-until"
import { listPools } from "@/lib/pools/queries"
import { endOf, monthOf } from "@/lib/statements/month"
import { listStatements } from "@/lib/statements/queries"
import { toCents } from "@/lib/stripe/cents"
import { type StripeStandIn, startStripeStandIn } from "@/stand-in/server"
import { stripeAt } from "@/stand-in/testing"
import { seed } from "./seed"

const world = testDatabase()
const now = new Date()

let standIn: StripeStandIn

beforeAll(async () => {
  const options = { port: await freePort(), dataDir: await mkdtemp(join(tmpdir(), "credits-seed-")) }
  expect(await withPayments(options, (payments) => seed(world.db, { now, payments }))).toBe(true)
  standIn = await startStripeStandIn(options)
})
afterAll(() => standIn.close())

async function poolsOf(slug: string) {
  const team = await world.db.team.findUniqueOrThrow({ where: { slug } })
  return listPools(world.db, team)
}

test.each([
  ["northwind", ["$142.18", "$38.40", "$12.05"], false],
  ["bluebird", ["$0.00", "$0.00", "$0.00"], true],
  ["harbor", ["$3.27", "$4.90", "$0.84"], true],
  ["kestrel", ["$0.00", "$0.00", "$0.00"], true],
])("%s has what its story says", async (slug, balances, low) => {
  const pools = await poolsOf(slug)
  expect(pools.map(({ balanceNanos }) => formatUsd(balanceNanos))).toEqual(balances)
  for (const { isLow } of pools) expect(isLow).toBe(low)
})

test("the empty team has nothing at all left to pay with, for longer than anybody looks at a demo", async () => {
  const pools = await poolsOf("kestrel")
  for (const pool of pools) {
    expect([pool.balanceNanos, pool.includedNanos]).toEqual([0n, 0n])
    const until = emptyUntil(pool, now)
    expect(until && until.getTime() - now.getTime()).toBeGreaterThan(14 * DAY_MS)
  }
  const { teamId } = pools[0] ?? {}
  const allowances = await world.db.allowance.findMany({ where: { teamId } })
  expect(allowances.length).toBe(24)
  for (const { granted, used } of allowances) expect(used).toBe(granted)
})

test("as shown, what was added, given, spent, refunded and expired makes every pool’s balance", async () => {
  const teams = await world.db.team.findMany()
  for (const team of teams)
    for (const pool of await listPools(world.db, team)) {
      const figures = await getFigures(world.db, pool)
      const { addedNanos, givenNanos, spentNanos, takenBackNanos, expiredNanos } = figures
      expect(addedNanos + givenNanos - spentNanos - takenBackNanos - expiredNanos).toBe(pool.balanceNanos)
      const cents = figuresInWords(figures).reduce((sum, { name, text }) => {
        const parsed = parseUsd(text)
        if (!parsed.ok) throw new Error(`${name} reads ${text}`)
        return name === "Lifetime spent" ? sum - parsed.nanos : sum + parsed.nanos
      }, 0n)
      expect(formatUsd(cents)).toBe(formatBalance(pool.balanceNanos))
    }
})

test("everything was written when it happened, so the month before this one has its statement", async () => {
  const [{ wrong } = { wrong: 1n }] = await world.db.$queryRaw<{ wrong: bigint }[]>`
    SELECT count(*) AS wrong FROM (
      SELECT created_at, lag(created_at) OVER (PARTITION BY team_id, pool_no ORDER BY seq) AS before FROM entries
    ) e WHERE e.created_at < e.before OR e.created_at > ${now}`
  expect(wrong).toBe(0n)
  const team = await world.db.team.findUniqueOrThrow({ where: { slug: "northwind" } })
  const next = endOf(monthOf(now))
  await makeAt(world.db, team, new Date(next.getTime() + DAY_MS))
  const statements = await listStatements(world.db, team.id, { limit: 9 })
  const [present, ...past] = statements
  expect(formatBalance(present?.credits.closingNanos ?? 0n)).toBe("$192.63")
  // Sixty days reach into one month before this one at least.
  expect(past.length).toBeGreaterThanOrEqual(1)
  expect(past.every(({ credits }) => credits.moved.consumption < 0n)).toBe(true)
})

test("each purchase was paid at Stripe by its team’s customer, who has an email address and the card that is charged", async () => {
  const stripe = stripeAt(standIn.url)
  const customers = await world.db.stripeCustomer.findMany()
  expect(customers).toHaveLength(3)
  for (const { id, teamId } of customers) {
    const customer = await stripe.customers.retrieve(id)
    const card = await world.db.paymentMethod.findFirstOrThrow({ where: { teamId, isDefault: true } })
    expect(customer).toMatchObject({
      email: "ada@example.com",
      invoice_settings: { default_payment_method: card.id },
    })
    expect(card).toMatchObject({ brand: "visa", last4: "4242" })
    const purchases = await world.db.purchase.findMany({ where: { teamId } })
    const intents = await stripe.paymentIntents
      .list({ customer: id, limit: 100 })
      .autoPagingToArray({ limit: 500 })
    const paid = (each: { id: string; cents: number }[]) => each.sort((a, b) => a.id.localeCompare(b.id))
    expect(paid(intents.map(({ id, amount_received: cents }) => ({ id, cents })))).toEqual(
      paid(
        purchases.map(({ paymentIntentId, capturedNanos }) => ({
          id: paymentIntentId ?? "",
          cents: toCents(capturedNanos ?? 0n),
        })),
      ),
    )
  }
})

test("the demo’s team is in the middle of its period: mixed usage over days, allowances and included credits in part", async () => {
  const team = await world.db.team.findUniqueOrThrow({ where: { slug: "northwind" } })
  const since = new Date(now.getTime() - 12 * DAY_MS)
  const days = await world.db.usageDay.findMany({ where: { teamId: team.id, day: { gte: since } } })
  expect(new Set(days.map(({ day }) => day.getTime())).size).toBeGreaterThan(8)
  const meters = await world.db.meter.findMany({ where: { teamId: team.id } })
  expect(new Set(meters.map(({ consumable }) => consumable)).size).toBe(CONSUMABLE_CODES.length)
  const pools = await listPools(world.db, team)
  expect(pools.map(({ includedNanos }) => formatBalance(includedNanos))).toEqual([
    "$0.00",
    "$207.49",
    "$250.00",
  ])
  expect(await world.db.autoTopUpSettings.findMany()).toMatchObject([{ teamId: team.id, enabled: true }])
  expect(await world.db.purchase.count({ where: { status: { not: "succeeded" } } })).toBe(0)
})

test("the new team has no entry, and a second seed changes nothing", async () => {
  const team = await world.db.team.findUniqueOrThrow({ where: { slug: "bluebird" } })
  expect(await world.db.entry.count({ where: { teamId: team.id } })).toBe(0)
  const before = await world.db.entry.count()
  expect(await seed(world.db, { now })).toBe(false)
  expect(await world.db.entry.count()).toBe(before)
})
