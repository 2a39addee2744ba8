import { z } from "@hono/zod-openapi"
import { NotFoundError } from "@/lib/errors"
import { fromPublicId, toPublicId } from "@/lib/ids"
import { toDecimalString } from "@/lib/money/usd"
import { decimalOf } from "@/lib/statements/csv"
import { isMonth, type Month, statementNumber } from "@/lib/statements/month"
import { getStatement, listStatements, type StatementSummary } from "@/lib/statements/queries"
import {
  type Balance,
  MOVEMENTS,
  type PaymentLine,
  type Statement,
  type StatementPool,
  sumBalances,
  type UsedLine,
} from "@/lib/statements/statement"
import { pageCtx } from "@/lib/web/page-ctx"
import { instant, money } from "./answers"
import { apiRoute } from "./api-route"
import { decodeCursor, encodeCursor, invalidCursor } from "./cursor"
import { limitField } from "./usage-query"

const MAX_PAGE = 100
const DEFAULT_PAGE = 24

const balanceAnswer = z
  .strictObject({
    opening: money,
    movements: z.partialRecord(z.enum(MOVEMENTS), money).openapi({
      description:
        "The sum of each kind of movement, with its sign. Kinds of which nothing moved are left out.",
    }),
    closing: money,
  })
  .openapi("StatementBalance", { description: "Opening, the movements and closing add up exactly." })

const headFields = {
  id: z.string(),
  number: z.string().openapi({ description: "Counts your team's statements without a gap." }),
  month: z.string().openapi({ description: "A calendar month in UTC, such as 2026-11." }),
  made_at: instant,
}

const summaryAnswer = z
  .strictObject({
    ...headFields,
    credits: balanceAnswer.openapi({ description: "The add-on credits of all pools together." }),
  })
  .openapi("StatementSummary")

export const statementsAnswer = z
  .strictObject({
    statements: z.array(summaryAnswer),
    next_cursor: z
      .string()
      .nullable()
      .openapi({ description: "Where the next page begins; null at the end." }),
  })
  .openapi("Statements")

const usageLine = z.strictObject({
  consumable: z.string(),
  user: z.string().nullable().openapi({ description: "The member who used it." }),
  name: z.string().nullable().openapi({ description: "The member's name at that time." }),
  records: z.int(),
  quantity: z.string(),
  allowance: z.string(),
  included: money,
  credits: money,
})

const paymentLine = z.strictObject({
  kind: z.enum(["purchase", "auto_top_up", "refund", "dispute", "dispute_reversal"]),
  occurred_at: instant,
  amount: money.openapi({ description: "The credits that came, or went." }),
  paid: money
    .nullable()
    .openapi({ description: "All that was paid, with tax; null for money that went back." }),
  invoice: z.string().nullable().openapi({ description: "The number of the invoice, if it has one." }),
  payment: z.string().nullable().openapi({ description: "Stripe's id of the payment." }),
})

export const statementAnswer = z
  .strictObject({
    statement: z
      .strictObject({
        ...headFields,
        credits: balanceAnswer,
        recipient: z.array(z.string()).openapi({ description: "Whom it is for, line by line." }),
        provider: z.array(z.string()).openapi({ description: "Who provides the credits, line by line." }),
        pools: z.array(
          z.strictObject({
            id: z.string(),
            name: z
              .string()
              .nullable()
              .openapi({ description: "The holder's name; null for a shared pool." }),
            credits: balanceAnswer,
            included: balanceAnswer,
            usage: z.array(usageLine),
            payments: z.array(paymentLine),
          }),
        ),
      })
      .openapi("Statement"),
  })
  .openapi("StatementAnswer")

export const statementsRoute = apiRoute({
  method: "get",
  path: "/statements",
  operationId: "listStatements",
  summary: "List statements",
  description:
    "The months of your team that are over, newest first. A statement is made on the first day of the next month and never changes: a later correction is in the statement of its own month.",
  scope: "statements:read",
  team: "now",
  query: z.strictObject({
    cursor: z
      .string("Send one cursor.")
      .optional()
      .openapi({ description: "next_cursor of the page before." }),
    limit: limitField(MAX_PAGE, DEFAULT_PAGE),
  }),
  answer: { status: 200, description: "One page.", schema: statementsAnswer },
  errors: [],
  async run({ teamId }, { query: { cursor, limit = DEFAULT_PAGE } }) {
    const list = ["statements", teamId]
    const before = cursor === undefined ? undefined : readMonth(decodeCursor(list, cursor))
    const found = await listStatements(pageCtx().db, teamId, { before, limit: limit + 1 })
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    return {
      body: {
        statements: page.map((each) => ({ ...headJson(each), credits: balanceJson(each.credits) })),
        next_cursor: last ? encodeCursor(list, last.month) : null,
      },
    }
  },
})

export const statementRoute = apiRoute({
  method: "get",
  path: "/statements/{id}",
  operationId: "readStatement",
  summary: "Read a statement",
  description:
    "Each pool from its opening to its closing balance, what was used by consumable and member, and the payments.",
  scope: "statements:read",
  team: "now",
  answer: { status: 200, description: "The statement.", schema: statementAnswer },
  errors: ["not_found"],
  async run({ teamId, params }) {
    const id = fromPublicId("stm", params.id ?? "")
    const statement = id && (await getStatement(pageCtx().db, teamId, { id }))
    if (!statement) throw new NotFoundError()
    return { body: { statement: statementJson(statement) } }
  },
})

function readMonth(text: string): Month {
  if (!isMonth(text)) throw invalidCursor()
  return text
}

function headJson(head: Pick<StatementSummary, "id" | "month" | "no" | "createdAt">) {
  const { id, month, createdAt } = head
  return {
    id: toPublicId("stm", id),
    number: statementNumber(head),
    month,
    made_at: createdAt.toISOString(),
  }
}

function balanceJson({ openingNanos, closingNanos, moved }: Balance): z.output<typeof balanceAnswer> {
  const own = MOVEMENTS.filter((kind) => moved[kind] !== 0n)
  return {
    opening: toDecimalString(openingNanos),
    movements: Object.fromEntries(own.map((kind) => [kind, toDecimalString(moved[kind])])),
    closing: toDecimalString(closingNanos),
  }
}

function statementJson(statement: Statement): z.output<typeof statementAnswer>["statement"] {
  const { recipient, provider, pools } = statement
  return {
    ...headJson(statement),
    credits: balanceJson(sumBalances(pools.map(({ credits }) => credits))),
    ...{ recipient, provider },
    pools: pools.map(poolJson),
  }
}

function poolJson({ poolId, holderName, credits, included, used, payments }: StatementPool) {
  return {
    id: toPublicId("pool", poolId),
    name: holderName,
    credits: balanceJson(credits),
    included: balanceJson(included),
    usage: used.map(usageJson),
    payments: payments.map(paymentJson),
  }
}

function usageJson(line: UsedLine): z.output<typeof usageLine> {
  return {
    consumable: line.consumable,
    user: line.memberId && toPublicId("member", line.memberId),
    name: line.memberName,
    records: Number(line.records),
    quantity: decimalOf(line.quantity, line),
    allowance: decimalOf(line.allowanceQuantity, line),
    included: toDecimalString(line.includedNanos),
    credits: toDecimalString(line.creditsNanos),
  }
}

function paymentJson(line: PaymentLine): z.output<typeof paymentLine> {
  return {
    kind: line.kind as z.output<typeof paymentLine>["kind"],
    occurred_at: line.occurredAt.toISOString(),
    amount: toDecimalString(line.amountNanos),
    paid: line.paidNanos === null ? null : toDecimalString(line.paidNanos),
    invoice: line.invoiceNumber,
    payment: line.paymentId,
  }
}
