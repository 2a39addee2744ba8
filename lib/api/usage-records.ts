import { z } from "@hono/zod-openapi"
import { clock } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"
import { toEntryId } from "@/lib/ledger/entry-id"
import { toDecimalString } from "@/lib/money/usd"
import { TRIGGERS, type Trigger } from "@/lib/pools/triggers"
import { listUsageRecords, type RecordPlace, type UsageRecord } from "@/lib/usage/list-records"
import { type DayRange, readDayRange } from "@/lib/usage/range"
import { pageCtx } from "@/lib/web/page-ctx"
import { instant, money, quantity } from "./answers"
import { apiRoute } from "./api-route"
import { decodeCursor, encodeCursor, invalidCursor } from "./cursor"
import { filterOf, limitField, quantityText, usageQuery } from "./usage-query"

const MAX_PAGE = 100
const DEFAULT_PAGE = 50

const amountsFields = { quantity, allowance: quantity, cost: money, included: money, credits: money }

export const usageRecordsAnswer = z
  .strictObject({
    records: z.array(
      z
        .strictObject({
          id: z.string().openapi({ description: "Its place in the ledger, which never changes." }),
          occurred_at: instant,
          reported_at: instant,
          consumable: z.string(),
          rate: money.openapi({ description: "The price of one unit at the time of the report." }),
          ...amountsFields,
          reversed: z
            .strictObject(amountsFields)
            .nullable()
            .openapi({ description: "The part of it that was taken back; null if nothing was." }),
          pool: z.strictObject({ id: z.string() }).openapi({ description: "The pool that paid." }),
          trigger: z.enum(TRIGGERS),
          user: z.string().nullable().openapi({ description: "The member who used it." }),
          metadata: z
            .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
            .nullable()
            .openapi({ description: "As it was sent. A run adds its id as `run`, unless one was sent." }),
        })
        .openapi("ReportedUsage"),
    ),
    next_cursor: z.string().nullable().openapi({
      description:
        "Where the next page begins; null at the end. A page may be short, or empty, before the end.",
    }),
  })
  .openapi("ReportedUsages")

export const usageRecordsRoute = apiRoute({
  method: "get",
  path: "/usage/records",
  operationId: "listUsageRecords",
  summary: "List usage records",
  description:
    "The single reports behind the totals, as they were charged: the newest day first; within a day pool by pool, there the newest first.",
  scope: "usage:read",
  team: "now",
  query: z.strictObject({ ...usageQuery, limit: limitField(MAX_PAGE, DEFAULT_PAGE) }),
  answer: { status: 200, description: "One page.", schema: usageRecordsAnswer },
  errors: [],
  async run(ctx, { query: { cursor, limit = DEFAULT_PAGE, ...chosen } }) {
    const { teamId, now } = ctx
    const filter = filterOf(ctx, chosen)
    const list = ["usage/records", teamId, chosen.from ?? "", chosen.to ?? "", filter]
    const begin = cursor === undefined ? null : readPlace(decodeCursor(list, cursor))
    const range = begin?.range ?? readDayRange(chosen, now)
    const question = { range, filter, limit, place: begin?.place ?? null }
    const { records, next } = await listUsageRecords(pageCtx().db, teamId, question)
    return {
      body: {
        records: records.map(recordJson),
        next_cursor: next && encodeCursor(list, writePlace(range, next)),
      },
    }
  },
})

function writePlace({ from, to }: DayRange, { day, poolNo, seq }: RecordPlace): string {
  return [from, to, day, poolNo, seq].join(" ")
}

function readPlace(text: string): { range: DayRange; place: RecordPlace } {
  const [from = "", to = "", day = "", poolNo = "", seq = "", ...more] = text.split(" ")
  if (more.length > 0 || !/^[0-9]{1,9}$/.test(poolNo) || !/^[0-9]{1,18}$/.test(seq)) throw invalidCursor()
  try {
    const range = readDayRange({ from, to }, clock.now())
    const place = {
      day: readDayRange({ from: day, to: day }, clock.now()).from,
      poolNo: Number(poolNo),
      seq: BigInt(seq),
    }
    return { range, place }
  } catch {
    throw invalidCursor()
  }
}

function recordJson(record: UsageRecord): z.output<typeof usageRecordsAnswer>["records"][number] {
  const { consumable, poolId, memberId, reversed } = record
  return {
    id: toEntryId(record),
    occurred_at: record.occurredAt.toISOString(),
    reported_at: record.createdAt.toISOString(),
    consumable,
    rate: toDecimalString(record.rateNanos),
    ...amountsJson(record, consumable),
    reversed: reversed && amountsJson(reversed, consumable),
    pool: { id: toPublicId("pool", poolId) },
    trigger: record.trigger as Trigger,
    user: memberId && toPublicId("member", memberId),
    metadata: record.metadata,
  }
}

type Amounts = Pick<UsageRecord, "quantity" | "allowanceQuantity" | "includedNanos" | "creditsNanos">

function amountsJson(
  { quantity: used, allowanceQuantity, includedNanos, creditsNanos }: Amounts,
  consumable: string,
) {
  return {
    quantity: quantityText(used, consumable),
    allowance: quantityText(allowanceQuantity, consumable),
    cost: toDecimalString(includedNanos + creditsNanos),
    included: toDecimalString(includedNanos),
    credits: toDecimalString(creditsNanos),
  }
}
