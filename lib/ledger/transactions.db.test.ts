import { randomUUID } from "node:crypto"
import fc from "fast-check"
import { beforeEach, expect, test } from "vitest"
import { consume, credit, readEntries, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { buy } from "@/dev/testing/money-back"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { listTransactionsBefore } from "./search-transactions"
import {
  listPayments,
  listRecentTransactions,
  listTransactionPage,
  listTransactionPageAt,
  type PoolRef,
  TRANSACTIONS_PAGE_SIZE,
  type Transaction,
} from "./transactions"

const world = testDatabase()
let pool: TestPool
let ref: PoolRef

beforeEach(async () => {
  const team = await createTestTeam(world.db)
  pool = { teamId: team.id, poolId: team.owner.poolId }
  ref = { teamId: team.id, id: pool.poolId, no: (await readPool(world.db, pool)).no }
})

const inTwoDays = () => new Date(Date.now() + 172_800_000)
const include = (nanos: bigint) =>
  credit(world.db, pool, nanos, { source: "included", expiresAt: inTwoDays() })
const brief = ({ kind, amountNanos, balanceAfterNanos }: Transaction) => ({
  kind,
  amountNanos,
  balanceAfterNanos,
})

test("usage that four grants paid is one transaction, of what credits paid of it", async () => {
  await include(usd(1))
  await include(usd(0.5))
  await credit(world.db, pool, usd(2), { expiresAt: inTwoDays() })
  await buy(world.db, pool, usd(10))
  await consume(world.db, pool, usd(4))
  await consume(world.db, pool, usd(1))

  const [second, first, ...rest] = await listRecentTransactions(world.db, ref, 10)
  expect(rest).toHaveLength(2)
  expect(second && brief(second)).toEqual({
    kind: "consumption",
    amountNanos: -usd(1),
    balanceAfterNanos: usd(8.5),
  })
  expect(first).toMatchObject({
    kind: "consumption",
    amountNanos: -usd(2.5),
    balanceAfterNanos: usd(9.5),
    detail: "llm_tokens",
    usage: { quantity: usd(4), rateNanos: 1n, trigger: "api_key", allowanceQuantity: 0n },
  })
  expect(
    (await listPayments(world.db, ref, first ? [first] : [])).map(({ source, amountNanos }) => [
      source,
      amountNanos,
    ]),
  ).toEqual([
    ["included", usd(1)],
    ["included", usd(0.5)],
    ["promotion", usd(2)],
    ["purchase", usd(0.5)],
  ])
})

test("usage that included credits paid alone is none", async () => {
  await include(usd(5))
  await credit(world.db, pool, usd(2))
  await consume(world.db, pool, usd(3))
  expect((await listRecentTransactions(world.db, ref, 10)).map(brief)).toEqual([
    { kind: "promotion", amountNanos: usd(2), balanceAfterNanos: usd(2) },
  ])
})

test("a cursor inside a record, as one was given before, leads to the transactions beside it", async () => {
  await buy(world.db, pool, usd(1))
  await buy(world.db, pool, usd(1))
  await buy(world.db, pool, usd(1))
  await consume(world.db, pool, usd(3))
  const entries = await readEntries(world.db, pool)
  expect(entries.map(({ seq }) => seq)).toEqual([1n, 2n, 3n, 4n, 5n, 6n])
  const seqs = async (cursor: { before?: bigint; after?: bigint }) =>
    (await listTransactionPage(world.db, ref, cursor)).transactions.map(({ seq }) => seq)
  expect(await seqs({ before: 6n })).toEqual([4n, 3n, 2n, 1n])
  expect(await seqs({ before: 4n })).toEqual([3n, 2n, 1n])
  expect(await seqs({ after: 3n })).toEqual([4n])
  expect(await seqs({ after: 5n })).toEqual([])
})

test("an address that opens a transaction leads to the page that it is on", async () => {
  await credit(world.db, pool, usd(100))
  for (let n = 0; n < TRANSACTIONS_PAGE_SIZE + 5; n++) await consume(world.db, pool, 1n)
  const newest = await listTransactionPageAt(world.db, ref, {}, 50n)
  expect(newest.cursor).toEqual({})
  const older = await listTransactionPageAt(world.db, ref, {}, 3n)
  expect(older.transactions.map(({ seq }) => seq)).toEqual([3n, 2n, 1n])
  expect(older.cursor).toEqual({ before: 4n })
})

const anyHistory = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("credit" as const), cents: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ do: fc.constant("include" as const), cents: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ do: fc.constant("spend" as const), cents: fc.integer({ min: 1, max: 60 }) }),
  ),
  { minLength: 5, maxLength: 25 },
)

test("pages of any size show each record once and whole, whatever the history", async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, fc.integer({ min: 1, max: 7 }), async (history, limit) => {
      const team = await createTestTeam(world.db)
      pool = { teamId: team.id, poolId: team.owner.poolId }
      ref = { teamId: team.id, id: pool.poolId, no: (await readPool(world.db, pool)).no }
      const expected: { amountNanos: bigint; balanceAfterNanos: bigint }[] = []
      let balance = 0n
      for (const step of history) {
        const amount = usd(step.cents / 100)
        if (step.do === "include") await include(amount)
        else if (step.do === "credit") {
          await credit(world.db, pool, amount, { causeId: randomUUID() })
          balance += amount
          expected.unshift({ amountNanos: amount, balanceAfterNanos: balance })
        } else {
          const { enough, creditsNanos } = await consume(world.db, pool, amount)
          balance -= creditsNanos
          if (enough && creditsNanos > 0n)
            expected.unshift({ amountNanos: -creditsNanos, balanceAfterNanos: balance })
        }
      }
      const shown: typeof expected = []
      const filter = {}
      for (let before: bigint | null = null, isFirst = true; isFirst || before !== null; isFirst = false) {
        const page = await listTransactionsBefore(world.db, ref, { before, limit, filter })
        shown.push(
          ...page.transactions.map(({ amountNanos, balanceAfterNanos }) => ({
            amountNanos,
            balanceAfterNanos,
          })),
        )
        before = page.nextBefore
      }
      expect(shown).toEqual(expected)
    }),
    { numRuns: 15 },
  )
})
