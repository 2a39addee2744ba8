import type { Client } from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { confirmPurchase } from "@/lib/purchases/confirm-purchase"
import { usd } from "../testing/ledger"
import { payCheckout, startTestPurchase } from "../testing/purchases"
import { connect } from "../testing/sql"
import { createTestTeam } from "../testing/teams"
import { testWorld } from "../testing/world"
import type { Booked } from "./books"
import { compareWithBooks } from "./check"
import { findBlindSpots } from "./proof"

const world = testWorld()
const books: Booked[] = []
let sql: Client

beforeAll(async () => {
  sql = await connect(world)
  for (const dollars of [25, 26, 27]) {
    const team = await createTestTeam(world.db)
    const { ref, sessionId } = await startTestPurchase(world, team, { amount: usd(dollars) })
    const payment = await payCheckout(world, sessionId)
    await confirmPurchase({ db: world.db, now: new Date() }, ref)
    const { poolId } = team.owner
    books.push({ payment, cents: dollars * 100, backCents: 0, teamId: team.id, poolId })
  }
})
afterAll(() => sql.end())

test("the comparison finds nothing where every captured payment is credited once", async () => {
  expect(await compareWithBooks(sql, books, new Map())).toEqual([])
})

test("the comparison sees every damage to the books or the ledger that it is there for", async () => {
  expect(await findBlindSpots(sql, books, new Map())).toEqual([])
})

test("the comparison sees usage that was answered and isn’t in the ledger", async () => {
  const [first] = books
  const findings = await compareWithBooks(sql, books, new Map([[first?.teamId ?? "", 1n]]))
  expect(findings.map(({ kind }) => kind)).toEqual(["usage"])
})
