import { z } from "@hono/zod-openapi"
import { findRunsOf, type RunRef } from "@/lib/agent/queries"
import { consumableName, isConsumable } from "@/lib/catalog/catalog"
import { GrantKind } from "@/lib/db/generated/enums"
import { InvalidInputError } from "@/lib/errors"
import { toPublicId } from "@/lib/ids"
import { toEntryId } from "@/lib/ledger/entry-id"
import { getTransactionAt, listTransactionsBefore } from "@/lib/ledger/search-transactions"
import { listPayments, type Payment, type PoolRef, type Transaction } from "@/lib/ledger/transactions"
import { formatQuantity } from "@/lib/metering/quantity"
import { resolvePayer } from "@/lib/metering/resolve-payer"
import { toDecimalString } from "@/lib/money/usd"
import { requirePoolNo } from "@/lib/pools/queries"
import { TRIGGERS, type Trigger } from "@/lib/pools/triggers"
import { findTransactions } from "@/lib/usage/find-transactions"
import { pageCtx } from "@/lib/web/page-ctx"
import { instant, money, quantity } from "./answers"
import { apiRoute } from "./api-route"
import { causeOf } from "./fields"
import { fromCursor, toCursor } from "./transaction-cursor"
import {
  DEFAULT_PAGE,
  KINDS,
  type kindField,
  listOf,
  transactionFilter,
  transactionQuery,
} from "./transaction-query"

const paymentAnswer = z.strictObject({
  source: z.enum(GrantKind).openapi({ description: "The kind of grant that was drawn." }),
  amount: money,
})

const usageAnswer = z
  .strictObject({
    consumable: z.string(),
    quantity,
    allowance: quantity.openapi({ description: "How much of the quantity the plan’s allowance covered." }),
    rate: money.openapi({ description: "The price of one unit at the time of use." }),
    trigger: z.enum(TRIGGERS),
    user: z.string().nullable().openapi({ description: "The member who used it." }),
    api_key: z.string().nullable().openapi({ description: "The key that reported it." }),
    run: z.string().nullable().openapi({ description: "The run whose hold was captured." }),
    paid_by: z.array(paymentAnswer).openapi({
      description: "In the order in which they were drawn. Included credits aren’t in the amount.",
    }),
  })
  .openapi("TransactionUsage")

export const transactionsAnswer = z
  .strictObject({
    transactions: z.array(
      z.strictObject({
        id: z.string().openapi({ description: "Its name everywhere, by which it is found as a reference." }),
        seq: z.number().int().openapi({ description: "Its place among the pool’s entries." }),
        kind: z.enum(KINDS),
        description: z.string().nullable().openapi({ description: "Its purpose, if known." }),
        amount: money.openapi({ description: "Positive: added. Negative: taken." }),
        balance_after: money,
        occurred_at: instant,
        usage: usageAnswer.nullable().openapi({
          description: "Of a consumption: one usage record, however many grants paid for it.",
        }),
      }),
    ),
    next_cursor: z.string().nullable().openapi({
      description:
        "Where the next page begins; null at the end. With filters a page may be short, or empty, before the end.",
    }),
  })
  .openapi("Transactions")

export const transactionsRoute = apiRoute({
  method: "get",
  path: "/transactions",
  operationId: "listTransactions",
  summary: "List transactions",
  description:
    "What was added to and taken from the credits of the pool that the key draws from, newest first.",
  scope: "transactions:read",
  team: "now",
  query: transactionQuery,
  answer: { status: 200, description: "One page.", schema: transactionsAnswer },
  errors: [],
  async run({ team, teamId, apiKeyId }, { query: { cursor, limit = DEFAULT_PAGE, reference, ...chosen } }) {
    const { poolId } = resolvePayer(team, causeOf({}, apiKeyId))
    const { db } = pageCtx()
    const pool = { teamId, id: poolId, no: await requirePoolNo(db, teamId, poolId) }
    if (reference !== undefined) {
      if (cursor !== undefined || Object.values(chosen).some((value) => value !== undefined))
        throw new InvalidInputError("Search by a reference alone, without another filter.", "reference")
      const places = await findTransactions(db, teamId, reference)
      const own = places.filter((place) => place.poolId === poolId)
      const found = await Promise.all(own.map(({ seq }) => getTransactionAt(db, pool, seq)))
      return {
        body: await pageJson(
          pool,
          found.flatMap((each) => each ?? []),
          null,
        ),
      }
    }
    const filter = transactionFilter(team, chosen)
    const list = listOf(poolId, filter)
    const before = cursor === undefined ? null : fromCursor(list, cursor)
    const page = await listTransactionsBefore(db, pool, { before, limit, filter })
    const next = page.nextBefore === null ? null : toCursor(list, page.nextBefore)
    return { body: await pageJson(pool, page.transactions, next) }
  },
})

async function pageJson(
  pool: PoolRef,
  transactions: Transaction[],
  next: string | null,
): Promise<z.output<typeof transactionsAnswer>> {
  const { db } = pageCtx()
  const records = transactions.flatMap(({ usage }) => usage ?? [])
  const [payments, runs] = await Promise.all([
    listPayments(db, pool, transactions),
    findRunsOf(db, pool.teamId, records),
  ])
  return {
    transactions: transactions.map((each) => ({
      id: toEntryId({ poolNo: pool.no, seq: each.seq }),
      seq: Number(each.seq),
      kind: each.kind as z.output<typeof kindField>,
      description: each.detail && consumableName(each.detail),
      amount: toDecimalString(each.amountNanos),
      balance_after: toDecimalString(each.balanceAfterNanos),
      occurred_at: each.occurredAt.toISOString(),
      usage: usageJson(each, payments, runs),
    })),
    next_cursor: next,
  }
}

function usageJson(
  { seq, usage }: Transaction,
  payments: Payment[],
  runs: Map<bigint, RunRef>,
): z.output<typeof usageAnswer> | null {
  if (!usage || !isConsumable(usage.consumable) || !isTrigger(usage.trigger)) return null
  const run = runs.get(usage.usageKey)
  return {
    consumable: usage.consumable,
    quantity: formatQuantity(usage.quantity, usage.consumable),
    allowance: formatQuantity(usage.allowanceQuantity, usage.consumable),
    rate: toDecimalString(usage.rateNanos),
    trigger: usage.trigger,
    user: usage.memberId && toPublicId("member", usage.memberId),
    api_key: usage.apiKeyId && toPublicId("key", usage.apiKeyId),
    run: run ? toPublicId("run", run.id) : null,
    paid_by: payments
      .filter((payment) => payment.seq === seq)
      .map(({ source, amountNanos }) => ({ source, amount: toDecimalString(amountNanos) })),
  }
}

const isTrigger = (word: string): word is Trigger => TRIGGERS.some((each) => each === word)
