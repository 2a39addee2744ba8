import { beforeAll, expect, test } from "vitest"
import { credit, readPool, usd } from "@/dev/testing/ledger"
import { SMS_NANOS, testMetering } from "@/dev/testing/metering"
import { usageOf } from "@/dev/testing/metering-usage"
import { buy, refundOf, report, type TestPayment } from "@/dev/testing/money-back"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"
import { toEntryId } from "@/lib/ledger/entry-id"
import { getTransactionAt } from "@/lib/ledger/search-transactions"
import { reportUsage } from "@/lib/metering/report-usage"
import { reverseUsage } from "@/lib/metering/reverse-usage"
import { findTransactions } from "./find-transactions"

const world = testDatabase()
const meterings = testMetering(world)
let team: TestTeam
let pool: { teamId: string; id: string; no: number }
let payment: TestPayment

beforeAll(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  const ref = { teamId: team.id, poolId: team.owner.poolId }
  pool = { teamId: team.id, id: ref.poolId, no: (await readPool(world.db, ref)).no }
  payment = await buy(world.db, ref, usd(5))
  await credit(world.db, ref, usd(0.03))
  await credit(world.db, ref, usd(0.02), { source: "included", expiresAt: new Date(Date.now() + DAY_MS) })
  const metering = meterings.start()
  // Three entries: included credits, then two grants.
  await reportUsage(metering, team.id, usageOf({ key: "pi_mine", quantity: 10n }))
  const request = { requestKey: "r", record: { key: "pi_mine" }, readQuantity: () => 1n, reason: "Twice" }
  await reverseUsage(
    metering,
    team.id,
    { ...request, apiKeyId: null, authorise: () => undefined },
    new Date(),
  )
  await report(world.db, await refundOf(world.db, payment, usd(1)))
})

/** Returns the kinds and amounts that are found, newest first. */
async function find(reference: string, teamId = team.id) {
  const places = await findTransactions(world.db, teamId, reference)
  const found = await Promise.all(places.map(({ seq }) => getTransactionAt(world.db, pool, seq)))
  return found.map((each) => [each?.kind, each?.amountNanos])
}

const record = ["consumption", usd(0.02) - 10n * SMS_NANOS]

test("a purchase and its payment lead to what was bought and what was refunded of it", async () => {
  const both = [
    ["refund", -usd(1)],
    ["purchase", usd(5)],
  ]
  expect(await find(toPublicId("pur", payment.purchaseId))).toEqual(both)
  expect(await find(` ${payment.paymentIntentId}\n`)).toEqual(both)
})

test("a usage record is found by its own key, whatever that looks like, with its correction", async () => {
  expect(await find("pi_mine")).toEqual([["consumption_reversal", SMS_NANOS], record])
})

test("every entry of a record leads to the record", async () => {
  for (const seq of [4n, 5n, 6n]) expect(await find(toEntryId({ poolNo: pool.no, seq }))).toEqual([record])
  expect(await find(toEntryId({ poolNo: pool.no, seq: 1n }))).toEqual([["purchase", usd(5)]])
  // Included credits that were given are no transaction.
  expect(await find(toEntryId({ poolNo: pool.no, seq: 3n }))).toEqual([])
})

test("another team finds nothing, and nobody finds what is no reference", async () => {
  const other = await createTestTeam(world.db)
  const own = [toPublicId("pur", payment.purchaseId), payment.paymentIntentId, "pi_mine", `ent_${pool.no}_1`]
  for (const reference of own) expect(await find(reference, other.id)).toEqual([])
  const none = [
    "",
    " ",
    "x".repeat(256),
    "\0",
    "ent_0_1",
    "ent_1_99999999999999999999",
    "pur_x",
    "pi_",
    "%",
    "'",
  ]
  for (const reference of [...none, `ent_${pool.no}_999`, `ent_999_1`])
    expect(await find(reference)).toEqual([])
})
