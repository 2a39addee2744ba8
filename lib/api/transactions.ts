import { z } from "@hono/zod-openapi"
import { findRunsOf, type RunRef } from "@/lib/agent/queries"
import { consumableName } from "@/lib/catalog/catalog"
import { CONSUMABLE_CODES, type Consumable } from "@/lib/catalog/schema"
import { EntryKind, GrantKind } from "@/lib/db/generated/enums"
import { toPublicId } from "@/lib/ids"
import { listTransactionsBefore } from "@/lib/ledger/search-transactions"
import { listPayments, type Payment, type Transaction } from "@/lib/ledger/transactions"
import { formatQuantity } from "@/lib/metering/quantity"
import { resolvePayer } from "@/lib/metering/resolve-payer"
import { toDecimalString } from "@/lib/money/usd"
import { requirePoolNo } from "@/lib/pools/queries"
import { TRIGGERS, type Trigger } from "@/lib/pools/triggers"
import { pageCtx } from "@/lib/web/page-ctx"
import { instant, money, quantity } from "./answers"
import { apiRoute } from "./api-route"
import { causeOf, instantField } from "./fields"
import { fromCursor, toCursor } from "./transaction-cursor"

const MAX_PAGE = 100
const LIMIT_RULE = `Choose a whole number from 1 to ${MAX_PAGE}.`

// Included credits are usage, not transactions.
const kindField = z.enum(EntryKind).exclude(["included_grant"])
const KINDS = kindField.options
const oneKind = z.enum(KINDS, { error: `Choose among ${KINDS.join(", ")}.` })

const querySchema = z.strictObject({
  cursor: z
    .string("Send one cursor.")
    .optional()
    .openapi({ description: "next_cursor of the page before, with the same filters." }),
  limit: z
    .string(LIMIT_RULE)
    .regex(/^([1-9][0-9]?|100)$/, LIMIT_RULE)
    .transform(Number)
    .optional()
    .openapi({ type: "integer", minimum: 1, maximum: MAX_PAGE, default: 50 }),
  kind: z
    .union(
      [oneKind.transform((kind) => [kind]), z.array(oneKind).max(KINDS.length)],
      `Choose among ${KINDS.join(", ")}.`,
    )
    .optional()
    .openapi({
      type: "array",
      items: { type: "string", enum: KINDS },
      description: "May be repeated.",
    }),
  from: instantField.optional().openapi({ description: "Only transactions at or after this time." }),
  to: instantField.optional().openapi({ description: "Only transactions before this time." }),
})

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
        seq: z
          .number()
          .int()
          .openapi({ description: "Its place among the pool’s entries, which identifies it." }),
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
  query: querySchema,
  answer: { status: 200, description: "One page.", schema: transactionsAnswer },
  errors: [],
  async run({ team, teamId, apiKeyId }, { query: { cursor, limit = 50, kind, from, to } }) {
    const { poolId } = resolvePayer(team, causeOf({}, apiKeyId))
    const before = cursor === undefined ? null : fromCursor(poolId, cursor)
    const { db } = pageCtx()
    const pool = { teamId, id: poolId, no: await requirePoolNo(db, teamId, poolId) }
    const filter = { kinds: kind, from, to }
    const page = await listTransactionsBefore(db, pool, { before, limit, filter })
    const records = page.transactions.flatMap(({ usage }) => usage ?? [])
    const [payments, runs] = await Promise.all([
      listPayments(db, pool, page.transactions),
      findRunsOf(db, teamId, records),
    ])
    return {
      body: {
        transactions: page.transactions.map((each) => ({
          seq: Number(each.seq),
          kind: each.kind,
          description: each.detail && consumableName(each.detail),
          amount: toDecimalString(each.amountNanos),
          balance_after: toDecimalString(each.balanceAfterNanos),
          occurred_at: each.occurredAt.toISOString(),
          usage: usageJson(each, payments, runs),
        })),
        next_cursor: page.nextBefore === null ? null : toCursor(poolId, page.nextBefore),
      },
    }
  },
})

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

const isConsumable = (code: string): code is Consumable => CONSUMABLE_CODES.some((each) => each === code)
const isTrigger = (word: string): word is Trigger => TRIGGERS.some((each) => each === word)
