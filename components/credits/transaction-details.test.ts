import { expect, test } from "vitest"
import { toTransactionDetails } from "./transaction-details"

const hrefs = {
  transaction: ({ poolId, seq }: { poolId: string; seq: bigint }) => `${poolId}/${seq}`,
  answer: (at: Date) => `answers of ${at.toISOString()}`,
}
const transaction = { balanceAfterNanos: 5n, occurredAt: new Date(0), usage: null }
const NONE = { payments: [], run: null, memberName: null, keyName: null }

test("a transfer names its other side and the request that it answered, and leads to both", () => {
  const request = { askedBy: "Lin", amountNanos: 25_000_000_000n, reason: "Evals", answeredAt: new Date(0) }
  const transfer = { movedBy: "Ada", other: { poolId: "p", holder: "Lin", seq: 7n }, request }
  const sent = toTransactionDetails(
    { transaction: { ...transaction, amountNanos: -3n }, facts: { ...NONE, transfer } },
    hrefs,
  )
  expect(sent.transfer).toEqual({
    other: { name: "To", holder: "Lin", href: "p/7" },
    movedBy: "Ada",
    request: { title: "Lin asked for $25.00", reason: "Evals", href: "answers of 1970-01-01T00:00:00.000Z" },
  })
  const shared = { movedBy: null, other: { poolId: "p", holder: null, seq: null }, request: null }
  const got = toTransactionDetails(
    { transaction: { ...transaction, amountNanos: 3n }, facts: { ...NONE, transfer: shared } },
    hrefs,
  )
  expect(got.transfer).toEqual({
    other: { name: "From", holder: "Team", href: null },
    movedBy: null,
    request: null,
  })
})
