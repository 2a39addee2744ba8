import { beforeAll, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { credit, readPool, usd } from "@/dev/testing/ledger"
import { testMetering } from "@/dev/testing/metering"
import { usageOf } from "@/dev/testing/metering-usage"
import { buy, refundOf, report } from "@/dev/testing/money-back"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"
import type { PoolRef, Transaction } from "@/lib/ledger/transactions"
import { reportUsage } from "@/lib/metering/report-usage"
import { getTransactionChoices } from "./transaction-choices"
import { getTransactionFacts } from "./transaction-detail"
import { findNeighbours, listFiltered, listReferred } from "./transaction-list"

const world = testDatabase()
const meterings = testMetering(world)
let team: TestTeam
let pool: PoolRef
let apiKeyId: string
let purchaseId: string
let paymentIntentId: string

/** $5.00 bought, then $0.03 given, usage over both after included credits, a refund, and texts of a key. */
beforeAll(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  const ref = { teamId: team.id, poolId: team.owner.poolId }
  pool = { teamId: team.id, id: ref.poolId, no: (await readPool(world.db, ref)).no }
  const payment = await buy(world.db, ref, usd(5))
  ;({ purchaseId, paymentIntentId } = payment)
  await credit(world.db, ref, usd(0.03))
  await credit(world.db, ref, usd(0.02), { source: "included", expiresAt: new Date(Date.now() + DAY_MS) })
  const metering = meterings.start()
  apiKeyId = (await createTestApiKey(world.db, team, { name: "CI" })).id
  await reportUsage(metering, team.id, usageOf({ key: "first", quantity: 10n }))
  const cause = { trigger: "api_key" as const, user: null, apiKeyId }
  await reportUsage(metering, team.id, usageOf({ key: "second", quantity: 2n, cause }))
  await report(world.db, await refundOf(world.db, payment, usd(1)))
})

async function all(): Promise<Transaction[]> {
  const { listed } = await listFiltered(world.db, pool, {}, { cursor: {}, openSeq: undefined })
  return listed as unknown as Transaction[]
}

test("usage leads to the grants that paid for it, and they to what they were spent on", async () => {
  const [refund, , first, given, bought] = await all()
  if (!refund || !first || !given || !bought) throw new Error("There are five")
  const { payments } = await getTransactionFacts(world.db, pool, first)
  expect(payments.map(({ source, grantSeq, amountNanos }) => [source, grantSeq, amountNanos])).toEqual([
    ["included", null, usd(0.02)],
    ["promotion", given.seq, usd(0.03)],
    ["purchase", bought.seq, usd(0.07)],
  ])
  expect((await getTransactionFacts(world.db, pool, given)).grant).toMatchObject({
    ...{ remainingNanos: 0n, spentNanos: usd(0.03) },
    spentOn: [{ consumable: "sms", records: 1, amountNanos: usd(0.03) }],
  })
  const { grant, payment } = await getTransactionFacts(world.db, pool, bought)
  expect(grant?.spentOn).toEqual([{ consumable: "sms", records: 2, amountNanos: 94_000_000n }])
  const parts = [
    { seq: bought.seq, kind: "purchase", amountNanos: usd(5) },
    { seq: refund.seq, kind: "refund", amountNanos: -usd(1) },
  ]
  expect(payment).toMatchObject({ reference: toPublicId("pur", purchaseId), paymentIntentId, parts })
  expect((await getTransactionFacts(world.db, pool, refund)).payment).toEqual(payment)
})

test("of another pool or team nothing is known", async () => {
  const other = await createTestTeam(world.db, { plan: "free" })
  const [refund, , first, , bought] = await all()
  if (!refund || !first || !bought) throw new Error("There are five")
  const elsewhere = [
    { teamId: other.id, id: other.owner.poolId, no: pool.no },
    { teamId: team.id, id: team.member.poolId, no: pool.no + 1 },
  ]
  for (const place of elsewhere) {
    expect(await getTransactionFacts(world.db, place, first)).toMatchObject({ payments: [], reversals: [] })
    for (const each of [refund, bought])
      expect(await getTransactionFacts(world.db, place, each)).toMatchObject({ grant: null, payment: null })
    expect((await listReferred(world.db, place, "first", undefined)).listed).toHaveLength(
      place.teamId === team.id ? 1 : 0,
    )
  }
})

test("each has the ones beside it, also where the page ends between them", async () => {
  const listed = await all()
  const seqs = listed.map(({ seq }) => seq)
  for (const [place, seq] of seqs.entries()) {
    const beside = { newer: seqs[place - 1] ?? null, older: seqs[place + 1] ?? null }
    expect(await findNeighbours(world.db, pool, seq, { listed, isWhole: true })).toEqual(beside)
    expect(await findNeighbours(world.db, pool, seq, { listed: [{ seq }], isWhole: true })).toEqual(beside)
    expect(await findNeighbours(world.db, pool, seq, { listed: [{ seq }], isWhole: false })).toEqual({
      newer: null,
      older: null,
    })
  }
})

test("the choices are what the pool’s usage has, and the count is of what fits", async () => {
  const choices = await getTransactionChoices(world.db, pool, {})
  expect(choices).toMatchObject({ keys: [{ id: apiKeyId, name: "CI" }], consumables: ["sms"], rows: 5n })
  const count = async (filter: Parameters<typeof getTransactionChoices>[2]) =>
    (await getTransactionChoices(world.db, pool, filter)).rows
  expect(await count({ apiKeyId })).toBe(1n)
  expect(await count({ kinds: ["refund"] })).toBe(1n)
  expect(await count({ consumable: "voice" })).toBe(0n)
  expect(await count({ minSizeNanos: usd(2) })).toBe(1n)
  const others = await createTestTeam(world.db)
  const foreign = await getTransactionChoices(world.db, pool, { memberId: others.owner.memberId })
  expect(foreign.members.map(({ id }) => id)).not.toContain(others.owner.memberId)
})
