import { z } from "@hono/zod-openapi"
import { clock } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"
import type { TeamContext } from "@/lib/metering/team-context"
import { toDecimalString } from "@/lib/money/usd"
import { USAGE_GROUPS, type UsageGroup } from "@/lib/usage/filter"
import {
  getUsage,
  INTERVALS,
  type Quantities,
  type Totals,
  type UsageBucket,
  type UsageOfGroup,
} from "@/lib/usage/get-usage"
import { type DayRange, readDayRange } from "@/lib/usage/range"
import { pageCtx } from "@/lib/web/page-ctx"
import { money, quantity } from "./answers"
import { apiRoute } from "./api-route"
import { decodeCursor, encodeCursor, invalidCursor } from "./cursor"
import { filterOf, limitField, quantityText, usageQuery } from "./usage-query"

const MAX_BUCKETS = 100
const DEFAULT_BUCKETS = 31

// A key sees its own usage, so there is nothing to tell apart by key.
const groupField = z.enum(USAGE_GROUPS).exclude(["api_key"])
const GROUPS = groupField.options

const querySchema = z.strictObject({
  ...usageQuery,
  group_by: z
    .enum(GROUPS, { error: `Choose among ${GROUPS.join(", ")}.` })
    .optional()
    .openapi({ description: "Tells the twelve with the highest cost apart, and sums up the others." }),
  interval: z
    .enum(INTERVALS, { error: `Choose among ${INTERVALS.join(", ")}.` })
    .optional()
    .openapi({ default: "day", description: "Weeks begin on Monday. Only days of the range count." }),
  limit: limitField(MAX_BUCKETS, DEFAULT_BUCKETS),
})

const totalsFields = {
  records: z.number().int(),
  cost: money.openapi({ description: "The cost beyond the allowance: the sum of included and credits." }),
  included: money.openapi({ description: "What included credits paid." }),
  credits: money.openapi({ description: "What bought and given credits paid." }),
}
const quantitiesField = z.array(
  z
    .strictObject({
      consumable: z.string(),
      quantity,
      allowance: quantity.openapi({ description: "How much of it the plan’s allowance covered." }),
    })
    .openapi("UsageQuantity"),
)
const groupId = z.string().nullable().openapi({
  description: "The value to filter by; null for usage that names none, empty for names counted together.",
})
const totalsAnswer = z.strictObject({ ...totalsFields, quantities: quantitiesField }).openapi("UsageTotals")

export const usageAnswer = z
  .strictObject({
    from: z.iso.date(),
    to: z.iso.date(),
    totals: totalsAnswer,
    groups: z.array(
      z
        .strictObject({ id: groupId, name: z.string(), ...totalsFields, quantities: quantitiesField })
        .openapi("UsageGroup"),
    ),
    others: totalsAnswer.nullable().openapi({ description: "All groups beyond those." }),
    buckets: z
      .array(
        z
          .strictObject({
            from: z.iso.date().openapi({ description: "The first day of the day, week or month." }),
            ...totalsFields,
            groups: z.array(z.strictObject({ id: groupId, ...totalsFields }).openapi("UsageGroupInBucket")),
          })
          .openapi("UsageBucket"),
      )
      .openapi({ description: "Those with usage, oldest first. Each has those of the groups that it used." }),
    complete: z.boolean().openapi({
      description: "False while the newest usage isn’t told apart by run or model yet. The totals have it.",
    }),
    next_cursor: z.string().nullable().openapi({ description: "Where more buckets begin; null at the end." }),
  })
  .openapi("Usage")

export const usageTotalsRoute = apiRoute({
  method: "get",
  path: "/usage",
  operationId: "readUsage",
  summary: "Read usage",
  description:
    "What was reported with this key, whoever paid for it: totals of a range of days, by time and by group. Days are UTC’s. Usage that was reversed is taken out.",
  scope: "usage:read",
  team: "now",
  query: querySchema,
  answer: { status: 200, description: "The usage.", schema: usageAnswer },
  errors: [],
  async run(ctx, { query: { cursor, group_by: groupBy = null, interval = "day", limit, ...chosen } }) {
    const { team, teamId, now } = ctx
    const filter = filterOf(ctx, chosen)
    const list = ["usage", teamId, groupBy, interval, chosen.from ?? "", chosen.to ?? "", filter]
    const place = cursor === undefined ? null : readPlace(decodeCursor(list, cursor))
    const range = place?.range ?? readDayRange(chosen, now)
    const usage = await getUsage(pageCtx().db, teamId, { range, groupBy, interval, filter, compares: false })
    const left = usage.buckets.filter(({ from }) => place === null || from >= place.bucket)
    const [shown, next] = [left.slice(0, limit ?? DEFAULT_BUCKETS), left[limit ?? DEFAULT_BUCKETS]]
    const groups = usage.groups.map((group) => toGroup(group, groupBy, team))
    return {
      body: {
        ...range,
        totals: { ...totalsJson(usage.totals), quantities: quantitiesJson(usage.quantities) },
        groups,
        others: usage.others && {
          ...totalsJson(usage.others.totals),
          quantities: quantitiesJson(usage.others.quantities),
        },
        buckets: shown.map((bucket) => bucketJson(bucket, groups)),
        complete: !usage.isBehind,
        next_cursor: next ? encodeCursor(list, `${range.from} ${range.to} ${next.from}`) : null,
      },
    }
  },
})

function readPlace(text: string): { range: DayRange; bucket: string } {
  const [from = "", to = "", bucket = "", ...more] = text.split(" ")
  if (more.length > 0) throw invalidCursor()
  try {
    // The week or month of the first day may have begun before it.
    return {
      range: readDayRange({ from, to }, clock.now()),
      bucket: readDayRange({ from: bucket, to: bucket }, clock.now()).from,
    }
  } catch {
    throw invalidCursor()
  }
}

type Group = { id: string | null }

function toGroup(group: UsageOfGroup, groupBy: UsageGroup | null, team: TeamContext) {
  const { key, name, totals, quantities } = group
  const id = key !== null && groupBy === "member" ? toPublicId("member", key) : key
  // A name stands for an address elsewhere, which is nobody else's business.
  const member = key !== null && groupBy === "member" ? team.members.get(key) : undefined
  const shown = groupBy === "member" && key !== null ? (member?.name ?? "Former member") : name
  return { id, name: shown, ...totalsJson(totals), quantities: quantitiesJson(quantities) }
}

function bucketJson({ from, totals, groups: ofGroups }: UsageBucket, groups: Group[]) {
  return {
    from,
    ...totalsJson(totals),
    groups: ofGroups.flatMap((each, index) =>
      each.records === 0n ? [] : [{ id: groups[index]?.id ?? null, ...totalsJson(each) }],
    ),
  }
}

function totalsJson({ records, costNanos, includedNanos, creditsNanos }: Totals) {
  return {
    records: Number(records),
    cost: toDecimalString(costNanos),
    included: toDecimalString(includedNanos),
    credits: toDecimalString(creditsNanos),
  }
}

function quantitiesJson(quantities: Map<string, Quantities>): z.output<typeof quantitiesField> {
  return [...quantities]
    .map(([consumable, each]) => ({
      consumable,
      quantity: quantityText(each.quantity, consumable),
      allowance: quantityText(each.allowanceQuantity, consumable),
    }))
    .sort((a, b) => (a.consumable < b.consumable ? -1 : 1))
}
