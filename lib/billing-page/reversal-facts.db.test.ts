import { expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { callApi, report, testApi } from "@/dev/testing/metering-api"
import { buyCredits, giveCredits } from "@/dev/testing/pools"
import { createTestTeam } from "@/dev/testing/teams"
import { listRecentTransactions } from "@/lib/ledger/transactions"
import { getReversalFacts } from "./reversal-facts"
import { getTransactionFacts } from "./transaction-detail"

const world = testApi()

test("a record leads to its corrections and each correction to its record, in their own pool only", async () => {
  const team = await createTestTeam(world.db, { plan: "free" })
  const { apiKey } = await createTestApiKey(world.db, team, { name: "CI" })
  await giveCredits(world.db, team, team.owner, usd(1))
  await buyCredits(world.db, team, team.owner, usd(1))
  await report(apiKey, { consumable: "sms", quantity: 100 }, "reported")
  for (const quantity of [10, 20]) {
    const body = { key: "reported", quantity, reason: "Metered twice" }
    const headers = { "idempotency-key": `reversal-${quantity}` }
    expect((await callApi("POST /usage/reversals", { key: apiKey, body, headers })).status).toBe(200)
  }
  const poolOf = async (poolId: string) => {
    const { no } = await world.db.pool.findUniqueOrThrow({
      where: { teamId_id: { teamId: team.id, id: poolId } },
    })
    return { teamId: team.id, id: poolId, no }
  }
  const pool = await poolOf(team.owner.poolId)
  const [second, first, used] = await listRecentTransactions(world.db, pool, 3)
  if (!second?.causeId || !first || !used) throw new Error("There are three")
  expect([second, first, used].map(({ kind, detail, amountNanos }) => [kind, detail, amountNanos])).toEqual([
    ["consumption_reversal", "sms", usd(0.24)],
    ["consumption_reversal", "sms", usd(0.12)],
    ["consumption", "sms", -usd(1.2)],
  ])
  expect((await getTransactionFacts(world.db, pool, used)).reversals).toEqual([
    { seq: first.seq, quantity: 10n, createdAt: expect.any(Date) },
    { seq: second.seq, quantity: 20n, createdAt: expect.any(Date) },
  ])
  expect((await getTransactionFacts(world.db, pool, second)).reversal).toEqual({
    ...{ consumable: "sms", quantity: 20n, allowanceQuantity: 0n, reason: "Metered twice", keyName: "CI" },
    record: { seq: used.seq, quantity: 100n, occurredAt: used.occurredAt },
    parts: [
      { grantNo: 2, source: "purchase", amountNanos: usd(0.08) },
      { grantNo: 1, source: "promotion", amountNanos: usd(0.16) },
    ],
    ...{ repaidNanos: 0n, expiredNanos: 0n },
  })
  expect(await getReversalFacts(world.db, await poolOf(team.member.poolId), second.causeId)).toBeNull()
})
