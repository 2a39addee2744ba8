import { publicIdSchema, toPublicId } from "@/lib/ids"
import { isUtcDay } from "@/lib/utc-day"
import { z } from "@/lib/zod"
import { USAGE_GROUPS, type UsageFilter } from "./filter"
import type { RecordPlace } from "./list-records"
import { PRESETS } from "./range"

/** By which the table can be sorted, the largest or the first letter first; with a minus the other way round. */
export const SORTS = ["name", "records", "included", "credits", "cost"] as const
export type Sort = (typeof SORTS)[number]

export const RANGES = [...PRESETS, "custom"] as const

/** A client’s own name for a run or a model. PostgreSQL has no text with NUL. */
const named = z
  .string()
  .max(100)
  .refine((text) => !text.includes("\0"))

const idOrNone = (prefix: "member" | "key") => z.union([z.literal("none"), publicIdSchema(prefix)])

const MAX_SEQ = 9_223_372_036_854_775_807n

const placeSchema = z.string().transform((text, ctx): RecordPlace => {
  const [, day, poolNo, seq] = /^([0-9]{4}-[0-9]{2}-[0-9]{2})\.([0-9]{1,9})\.([0-9]{1,19})$/.exec(text) ?? []
  if (day && poolNo && seq && BigInt(seq) <= MAX_SEQ && isUtcDay(day))
    return { day, poolNo: Number(poolNo), seq: BigInt(seq) }
  ctx.addIssue("No page of ours names this place.")
  return z.NEVER
})

/** The fields that a form of ours may send. Days are checked with their range, because people type them. */
const querySchema = z.strictObject({
  range: z.enum(RANGES).default("30d"),
  from: z.string().max(40).optional(),
  to: z.string().max(40).optional(),
  by: z.enum(USAGE_GROUPS).default("consumable"),
  // One that is no longer metered may have been used.
  consumable: z
    .string()
    .regex(/^[a-z_]{1,60}$/)
    .optional(),
  member: idOrNone("member").optional(),
  key: idOrNone("key").optional(),
  trigger: z
    .string()
    .regex(/^[a-z_]{1,60}$/)
    .optional(),
  pool: publicIdSchema("pool").optional(),
  run: named.optional(),
  model: named.optional(),
  sort: z
    .string()
    .transform((text) => ({ sort: text.replace(/^-/, ""), isReverse: text.startsWith("-") }))
    .pipe(z.strictObject({ sort: z.enum(SORTS), isReverse: z.boolean() }))
    .optional(),
  view: z.literal("records").optional(),
  day: z.string().refine(isUtcDay).optional(),
  after: placeSchema.optional(),
})

/** Everything that the address of the Usage page says. */
export type UsageQuery = z.output<typeof querySchema>

/** Reads an address. Null if no form or link of ours could have made it. A field that a form sent empty is none. */
export function parseUsageQuery(query: Record<string, string | string[] | undefined>): UsageQuery | null {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "")
  return querySchema.safeParse(Object.fromEntries(given)).data ?? null
}

/** Returns the address’s parts for a question. What is the default isn’t said. */
export function usageQueryFields(query: UsageQuery): Record<string, string> {
  const { range, by, member, key, pool, sort, after, ...rest } = query
  const fields = {
    range: range === "30d" ? undefined : range,
    by: by === "consumable" ? undefined : by,
    ...rest,
    member: publicOf("member", member),
    key: publicOf("key", key),
    pool: pool && toPublicId("pool", pool),
    sort: sort && `${sort.isReverse ? "-" : ""}${sort.sort}`,
    after: after && `${after.day}.${after.poolNo}.${after.seq}`,
  }
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  )
}

/** Returns the address of a question that differs in some parts. */
export function usageHref(path: string, query: UsageQuery, changes: Partial<UsageQuery>): string {
  const fields = new URLSearchParams(usageQueryFields({ ...query, ...changes }))
  return fields.size === 0 ? path : `${path}?${fields}`
}

const publicOf = (prefix: "member" | "key", id: string | undefined) =>
  id === undefined || id === "none" ? id : toPublicId(prefix, id)

const orNone = (id: string | undefined) => (id === "none" ? null : id)

/** Returns the filter of what somebody may see: the one member’s usage, unless everybody’s. */
export function toUsageFilter(query: UsageQuery, onlyMemberId: string | null): UsageFilter {
  const { consumable, trigger, run, model } = query
  return {
    ...{ consumable, trigger, run, model, poolId: query.pool, apiKeyId: orNone(query.key) },
    memberId: onlyMemberId ?? orNone(query.member),
  }
}
