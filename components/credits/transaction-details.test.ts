import { expect, test } from "vitest"
import { toTransactionDetails } from "./transaction-details"

const hrefs = {
  transaction: ({ poolId, seq }: { poolId: string; seq: bigint }) => `${poolId}/${seq}`,
  answer: (at: Date) => `answers of ${at.toISOString()}`,
}
const transaction = { balanceAfterNanos: 5n, occurredAt: new Date(0), usage: null }
const NONE = { payments: [], run: null, memberName: null, keyName: null, reversals: [], reversal: null }

test("a transfer names its other side and the request that it answered, and leads to both", () => {
  const request = { askedBy: "Lin", amountNanos: 25_000_000_000n, reason: "Evals", answeredAt: new Date(0) }
  const transfer = { movedBy: "Ada", other: { poolId: "p", holder: "Lin", seq: 7n }, request }
  const sent = toTransactionDetails(
    { poolId: "own", transaction: { ...transaction, amountNanos: -3n }, facts: { ...NONE, transfer } },
    hrefs,
  )
  expect(sent.transfer).toEqual({
    other: { name: "To", holder: "Lin", href: "p/7" },
    movedBy: "Ada",
    request: { title: "Lin asked for $25.00", reason: "Evals", href: "answers of 1970-01-01T00:00:00.000Z" },
  })
  const shared = { movedBy: null, other: { poolId: "p", holder: null, seq: null }, request: null }
  const got = toTransactionDetails(
    { poolId: "own", transaction: { ...transaction, amountNanos: 3n }, facts: { ...NONE, transfer: shared } },
    hrefs,
  )
  expect(got.transfer).toEqual({
    other: { name: "From", holder: "Team", href: null },
    movedBy: null,
    request: null,
  })
})

test("a correction and the usage that it takes back lead to each other", () => {
  const usage = {
    ...{ consumable: "voice", quantity: 62_500n, rateNanos: 20_000_000n, allowanceQuantity: 60_000n },
    trigger: "api_key",
  }
  const at = new Date(0)
  const reversals = [
    { seq: 9n, quantity: 2_000n, createdAt: at },
    { seq: null, quantity: 60_500n, createdAt: at },
  ]
  const facts = { ...NONE, transfer: null, reversals }
  const used = toTransactionDetails(
    { poolId: "own", transaction: { ...transaction, amountNanos: -5n, usage }, facts },
    hrefs,
  )
  expect(used.usage?.reversed).toEqual([
    { quantity: "2 minutes", at: at.toISOString(), href: "own/9" },
    { quantity: "60.5 minutes", at: at.toISOString(), href: null },
  ])
  const reversal = {
    ...{
      consumable: "voice",
      quantity: 2_000n,
      allowanceQuantity: 0n,
      reason: "Metered twice",
      keyName: "CI",
    },
    record: { seq: 5n, quantity: 62_500n, occurredAt: at },
    parts: [{ grantNo: 3, source: "purchase" as const, amountNanos: 4n }],
    ...{ repaidNanos: 1n, expiredNanos: 0n },
  }
  const corrected = toTransactionDetails(
    { poolId: "own", transaction: { ...transaction, amountNanos: 4n }, facts: { ...facts, reversal } },
    hrefs,
  )
  expect(corrected.reversal).toEqual({
    ...{ quantity: "2 minutes", toAllowance: null, reason: "Metered twice", requestedBy: "API key “CI”" },
    record: { quantity: "62.5 minutes", at: at.toISOString(), href: "own/5" },
    wentTo: [{ key: "3", source: "Purchase", amountNanos: 4n }],
    ...{ repaidNanos: 1n, expiredNanos: 0n },
  })
})
