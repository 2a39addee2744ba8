import { expect, test } from "vitest"
import { toTransactionDetails } from "./transaction-details"

const hrefs = {
  transaction: ({ poolId, seq }: { poolId: string; seq: bigint }) => `${poolId}/${seq}`,
  answer: (at: Date) => `answers of ${at.toISOString()}`,
}
const transaction = {
  kind: "transfer" as const,
  seq: 1n,
  detail: null,
  balanceAfterNanos: 5n,
  occurredAt: new Date(0),
  usage: null,
}
const NONE = {
  payments: [],
  run: null,
  memberName: null,
  keyName: null,
  reversals: [],
  reversal: null,
  grant: null,
  payment: null,
}

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
    wentTo: [{ key: "3", source: "Purchase", amountNanos: 4n, href: null }],
    ...{ repaidNanos: 1n, expiredNanos: 0n },
  })
})

test("usage leads to the purchases that paid for it, and says itself in one line", () => {
  const usage = {
    ...{
      consumable: "sms",
      quantity: 10n,
      rateNanos: 12_000_000n,
      allowanceQuantity: 0n,
      trigger: "api_key",
    },
  }
  const payments = [
    { grantNo: 1, source: "included" as const, amountNanos: 1n, grantSeq: null },
    { grantNo: 2, source: "purchase" as const, amountNanos: 2n, grantSeq: 4n },
  ]
  const { about, usage: used } = toTransactionDetails(
    {
      poolId: "own",
      transaction: { ...transaction, kind: "consumption", amountNanos: -2n, usage },
      facts: { ...NONE, transfer: null, keyName: "CI", run: { title: "Nightly index" }, payments },
    },
    hrefs,
  )
  expect(about).toBe("SMS · 10 messages · $0.012 per message · API key “CI” · Nightly index")
  expect(used?.paidBy.map(({ source, href }) => [source, href])).toEqual([
    ["Included credits", null],
    ["Purchase", "own/4"],
  ])
})

test("a purchase says what it was spent on, to the last nano of what is gone, and leads to its refunds", () => {
  const grant = {
    ...{ remainingNanos: 3n, spentNanos: 7n, expiresAt: null },
    spentOn: [{ consumable: "sms", records: 2, amountNanos: 5n }],
  }
  const parts = [
    { seq: 1n, kind: "purchase" as const, amountNanos: 10n },
    { seq: 8n, kind: "refund" as const, amountNanos: -2n },
  ]
  const payment = {
    ...{
      reference: "pur_1",
      paymentIntentId: "pi_1",
      receiptUrl: "https://r",
    },
    ...{ requestedBy: "Ada", parts },
  }
  const details = toTransactionDetails(
    {
      poolId: "own",
      transaction: { ...transaction, kind: "purchase", amountNanos: 10n },
      facts: { ...NONE, transfer: null, grant, payment },
    },
    hrefs,
  )
  expect(details.grant?.spentOn).toEqual([
    { name: "SMS", amountNanos: 5n },
    { name: "Refunds and other usage", amountNanos: 2n },
  ])
  expect(details.payment?.others).toEqual([{ name: "Refund", amountNanos: -2n, href: "own/8" }])
})
