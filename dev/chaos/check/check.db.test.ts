import type { Client } from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { confirmPurchase } from "@/lib/purchases/confirm-purchase"
import { listTopUps, prepareTopUp, runTopUp } from "../../testing/auto-top-up"
import { usd } from "../../testing/ledger"
import { payCheckout, startTestPurchase } from "../../testing/purchases"
import { connect } from "../../testing/sql"
import { beginUse, subscribe } from "../../testing/subscriptions"
import { createTestTeam } from "../../testing/teams"
import { testWorld } from "../../testing/world"
import type { Booked } from "./books"
import { compareWithBooks } from "./check"
import type { Evidence } from "./evidence"
import { readPlanInvoices } from "./invoices"
import { findBlindSpots } from "./proof"

const world = testWorld()
const books: Booked[] = []
const evidence: Evidence = { books, drawnNanos: new Map(), acts: [], invoices: [] }
let sql: Client

beforeAll(async () => {
  sql = await connect(world)
  for (const dollars of [25, 26, 27]) {
    const team = await createTestTeam(world.db)
    const { ref, sessionId } = await startTestPurchase(world, team, { amountNanos: usd(dollars) })
    const payment = await payCheckout(world, sessionId)
    await confirmPurchase({ db: world.db, now: new Date() }, ref)
    const { poolId } = team.owner
    books.push({ payment, cents: dollars * 100, backCents: 0, teamId: team.id, poolId, isTopUp: false })
  }
  await bookTopUp()
  await bookPlan()
})
afterAll(() => sql.end())

/** A pool that was low when auto top-up was turned on: saving was the cause. */
async function bookTopUp(): Promise<void> {
  const team = await createTestTeam(world.db)
  await prepareTopUp(world, team)
  await runTopUp(world, team)
  const [topUp] = await listTopUps(world, team)
  const payment = topUp?.paymentIntentId ?? ""
  const { poolId } = team.owner
  books.push({ payment, cents: 5_000, backCents: 0, teamId: team.id, poolId, isTopUp: true })
}

async function bookPlan(): Promise<void> {
  const team = await createTestTeam(world.db, { plan: "free" })
  const { stripeId: subscription } = await subscribe(world, team)
  await beginUse(world, team)
  const { invoices } = await readPlanInvoices(world.stripe.url, [{ id: team.id, subscription }])
  evidence.invoices.push(...invoices)
}

test("the comparison finds nothing where every captured payment is credited once and has its cause", async () => {
  expect(books.some(({ isTopUp }) => isTopUp)).toBe(true)
  expect(evidence.invoices.map(({ isPaid }) => isPaid)).toEqual([true])
  expect(await compareWithBooks(sql, evidence)).toEqual([])
})

test("the comparison sees every damage to the books or the ledger that it is there for", async () => {
  expect(await findBlindSpots(sql, evidence)).toEqual([])
})

test("the comparison sees usage that was answered and isn’t in the ledger", async () => {
  const [first] = books
  const drawnNanos = new Map([[first?.teamId ?? "", 1n]])
  const findings = await compareWithBooks(sql, { ...evidence, drawnNanos })
  expect(findings.map(({ kind }) => kind)).toEqual(["usage"])
})

test("a top-up whose purchase says save isn’t excused by usage", async () => {
  const topUp = books.find(({ isTopUp }) => isTopUp)
  if (!topUp) throw new Error("No pool was topped up")
  await sql.query("BEGIN")
  try {
    await sql.query("SET LOCAL session_replication_role = replica")
    await sql.query("DELETE FROM auto_top_up_changes WHERE team_id = $1", [topUp.teamId])
    const { teamId, poolId } = topUp
    const acts = [{ teamId, poolId, kind: "usage" as const, from: new Date(0), to: new Date() }]
    const findings = await compareWithBooks(sql, { ...evidence, acts })
    expect(findings.map(({ kind }) => kind)).toEqual(["no cause"])
  } finally {
    await sql.query("ROLLBACK")
  }
})
