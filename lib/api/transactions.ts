import { z } from "@hono/zod-openapi"
import { consumableName } from "@/lib/catalog/catalog"
import { EntryKind } from "@/lib/db/generated/enums"
import { listTransactionsBefore } from "@/lib/ledger/queries"
import { resolvePayer } from "@/lib/metering/resolve-payer"
import { toDecimalString } from "@/lib/money/usd"
import { requirePoolNo } from "@/lib/pools/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import { instant, money } from "./answers"
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
    .union([oneKind.transform((kind) => [kind]), z.array(oneKind)], `Choose among ${KINDS.join(", ")}.`)
    .optional()
    .openapi({
      type: "array",
      items: { type: "string", enum: KINDS },
      description: "May come more than once.",
    }),
  from: instantField.optional().openapi({ description: "Only what happened at or after it." }),
  to: instantField.optional().openapi({ description: "Only what happened before it." }),
})

export const transactionsAnswer = z
  .strictObject({
    transactions: z.array(
      z.strictObject({
        seq: z.number().int().openapi({ description: "Its place among the pool’s movements." }),
        kind: z.enum(KINDS),
        description: z.string().nullable().openapi({ description: "What it was for, if that is known." }),
        amount: money.openapi({ description: "Positive: added. Negative: taken." }),
        balance_after: money,
        occurred_at: instant,
      }),
    ),
    next_cursor: z.string().nullable().openapi({
      description:
        "Where to go on; null at the end. With filters a page may be short, or empty, before the end.",
    }),
  })
  .openapi("Transactions")

export const transactionsRoute = apiRoute({
  method: "get",
  path: "/transactions",
  operationId: "listTransactions",
  summary: "List transactions",
  description:
    "What was added to the credits of the pool that the key draws from, and what was taken, newest first.",
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
    const filter = { kinds: kind ?? null, from: from ?? null, to: to ?? null }
    const page = await listTransactionsBefore(db, pool, { before, limit, filter })
    return {
      body: {
        transactions: page.transactions.map((each) => ({
          seq: Number(each.seq),
          kind: each.kind,
          description: each.detail && consumableName(each.detail),
          amount: toDecimalString(each.amountNanos),
          balance_after: toDecimalString(each.balanceAfterNanos),
          occurred_at: each.occurredAt.toISOString(),
        })),
        next_cursor: page.nextBefore === null ? null : toCursor(poolId, page.nextBefore),
      },
    }
  },
})
