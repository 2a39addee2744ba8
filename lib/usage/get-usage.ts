import type { Db } from "@/lib/db/client"
import { Prisma } from "@/lib/db/generated/client"
import { andAll, meterConditions } from "@/lib/ledger/conditions"
import { namedGroupOf, type UsageFilter, type UsageGroup } from "./filter"
import { nameGroups } from "./names"
import { type DayRange, rangeBefore } from "./range"

/** Weeks begin on Monday. */
export const INTERVALS = ["day", "week", "month"] as const
export type Interval = (typeof INTERVALS)[number]

/** As many colours as one can tell apart, and as many rows as one reads. */
export const DEFAULT_GROUPS = 12
export const MAX_GROUPS = 100

export type Totals = {
  records: bigint
  /** The price beyond the allowance: the sum of the next two. */
  costNanos: bigint
  includedNanos: bigint
  creditsNanos: bigint
}

/** In the smallest unit that the consumable counts. */
export type Quantities = { quantity: bigint; allowanceQuantity: bigint }

export type UsageOfGroup = {
  /** The value to narrow by. Null for usage that names none; empty for names that are counted together. */
  key: string | null
  name: string
  totals: Totals
  /** By consumable: quantities of several can't be added up. */
  quantities: Map<string, Quantities>
}

export type UsageBucket = {
  /** Its first day. The first week or month of a range may have begun before it; only days of the range count. */
  from: string
  totals: Totals
  /** One for each of the groups, in their order, then what the others used. */
  groups: Totals[]
  others: Totals
}

export type Usage = {
  range: DayRange
  /** The days that it is compared with, as many, just before. Null unless asked for. */
  before: DayRange | null
  totals: Totals
  /** Zero unless asked for. */
  totalsBefore: Totals
  quantities: Map<string, Quantities>
  /** The largest by cost. Empty without a grouping. */
  groups: UsageOfGroup[]
  /** The sum of all other groups. Null when there are none. */
  others: Omit<UsageOfGroup, "key" | "name"> | null
  /** Only those with usage, oldest first. */
  buckets: UsageBucket[]
  /** Whether the newest usage isn't told apart by run or model yet. The totals have it. */
  isBehind: boolean
}

export type UsageQuestion = {
  range: DayRange
  groupBy: UsageGroup | null
  interval: Interval
  filter: UsageFilter
  /** Whether to count as many days before as well, for a comparison. */
  compares: boolean
  /** How many groups are told apart. */
  most?: number
}

/**
 * Returns what a team used in a range of days: totals, by time and by group. One statement
 * over the daily totals, and one for names. Corrections are in it, since they reduce the daily totals. The caller
 * decides what the reader may see, by the filter.
 */
export async function getUsage(
  db: Db,
  teamId: string,
  { range, groupBy, interval, filter, compares, most = DEFAULT_GROUPS }: UsageQuestion,
): Promise<Usage> {
  const before = compares ? rangeBefore(range) : null
  const named = namedGroupOf(filter, groupBy)
  const shown = groupBy === null ? 0 : Math.min(most, MAX_GROUPS)
  const value = named === null ? null : (filter[named] ?? null)
  const asked = Prisma.sql`${teamId}::uuid, ARRAY(
        SELECT m.no FROM meters m WHERE m.team_id = ${teamId}::uuid ${andAll(meterConditions(filter))}
      ), ${filter.poolId ?? null}::uuid, ${(before ?? range).from}::date, ${range.from}::date, ${range.to}::date, ${interval}`
  const source =
    named !== null && value === null
      ? Prisma.sql`usage_totals_by_name(${asked}, ${named}, ${shown}::integer, ${MAX_UNCOUNTED}::bigint)`
      : Prisma.sql`usage_totals(${asked}, ${groupBy}, ${shown}::integer, ${named}, ${value}, ${MAX_UNCOUNTED}::bigint)`
  const rows = await db.$queryRaw<Row[]>`
    SELECT is_now AS "isNow", to_char(bucket, 'YYYY-MM-DD') AS bucket, consumable, place, CASE WHEN NOT is_none THEN key END AS key,
      records, quantity, allowance_quantity AS "allowanceQuantity", included_nanos AS "includedNanos",
      credits_nanos AS "creditsNanos", ${named === null ? Prisma.sql`false` : isBehind(teamId)} AS "isBehind"
    FROM ${source} ORDER BY place`
  const usage = toUsage({ range, before }, rows, shown)
  if (groupBy === null) return usage
  const nameOf = await nameGroups(
    db,
    teamId,
    groupBy,
    usage.groups.map(({ key }) => key),
  )
  for (const group of usage.groups) group.name = nameOf(group.key)
  return usage
}

/** Returns who spent most: members, and what no member did as one. */
export async function listTopSpenders(
  db: Db,
  teamId: string,
  { range, filter, most = 5 }: Pick<UsageQuestion, "range" | "filter" | "most">,
): Promise<UsageOfGroup[]> {
  const { groups } = await getUsage(db, teamId, {
    range,
    groupBy: "member",
    interval: "month",
    filter,
    most,
    compares: false,
  })
  return groups.filter(({ totals }) => totals.costNanos > 0n)
}

/** How many entries of a pool that the job hasn't counted yet are counted while a reader waits. */
const MAX_UNCOUNTED = 20_000

const isBehind = (teamId: string) => Prisma.sql`(
  SELECT coalesce(bool_or(p.last_seq > coalesce(c.seq, 0) + ${MAX_UNCOUNTED}), false)
  FROM pools p LEFT JOIN usage_parts_counted c ON c.team_id = p.team_id AND c.pool_id = p.id
  WHERE p.team_id = ${teamId}::uuid)`

type Row = {
  /** False in the one row that sums the days before. */
  isNow: boolean
  /** Null in the rows by consumable, which have that instead. */
  bucket: string | null
  consumable: string | null
  place: number
  key: string | null
  records: bigint
  quantity: bigint
  allowanceQuantity: bigint
  includedNanos: bigint
  creditsNanos: bigint
  isBehind: boolean
}

function toUsage(ranges: Pick<Usage, "range" | "before">, rows: Row[], shown: number): Usage {
  const groups = new Map<number, UsageOfGroup>()
  const sum = emptyGroup(null)
  const totalsBefore = nothing()
  for (const row of rows) {
    if (!row.isNow) add(totalsBefore, row)
    if (row.consumable === null) continue
    const group = groups.get(row.place) ?? emptyGroup(row.key)
    groups.set(row.place, group)
    for (const each of [group, sum]) {
      add(each.totals, row)
      addQuantity(each.quantities, row.consumable, row)
    }
  }
  // Usage that names no run may be none.
  const named = [...groups].filter(([place, { totals }]) => place <= shown && totals.records !== 0n)
  const places = named.map(([place]) => place)
  const rest = [...groups].filter(([place]) => !places.includes(place)).map(([, group]) => group)
  return {
    ...ranges,
    totals: sum.totals,
    totalsBefore,
    quantities: sum.quantities,
    groups: named.map(([, group]) => group),
    others: shown === 0 || rest.every(({ totals }) => totals.records === 0n) ? null : mergeGroups(rest),
    buckets: toBuckets(rows, places),
    isBehind: rows[0]?.isBehind ?? false,
  }
}

function toBuckets(rows: Row[], places: number[]): UsageBucket[] {
  const buckets = new Map<string, UsageBucket>()
  for (const row of rows) {
    if (row.bucket === null || !row.isNow) continue
    const bucket = buckets.get(row.bucket) ?? {
      from: row.bucket,
      totals: nothing(),
      groups: places.map(nothing),
      others: nothing(),
    }
    buckets.set(row.bucket, bucket)
    add(bucket.totals, row)
    add(bucket.groups[places.indexOf(row.place)] ?? bucket.others, row)
  }
  return [...buckets.values()].sort((a, b) => (a.from < b.from ? -1 : 1))
}

function mergeGroups(groups: UsageOfGroup[]): Omit<UsageOfGroup, "key" | "name"> {
  const { key: _key, name: _name, ...merged } = emptyGroup(null)
  for (const { totals, quantities } of groups) {
    add(merged.totals, totals)
    for (const [consumable, each] of quantities) addQuantity(merged.quantities, consumable, each)
  }
  return merged
}

const nothing = (): Totals => ({ records: 0n, costNanos: 0n, includedNanos: 0n, creditsNanos: 0n })

function emptyGroup(key: string | null): UsageOfGroup {
  return { key, name: "", totals: nothing(), quantities: new Map() }
}

function add(totals: Totals, { records, includedNanos, creditsNanos }: Omit<Totals, "costNanos">): void {
  totals.records += records
  totals.includedNanos += includedNanos
  totals.creditsNanos += creditsNanos
  totals.costNanos += includedNanos + creditsNanos
}

function addQuantity(quantities: Map<string, Quantities>, consumable: string, more: Quantities): void {
  const known = quantities.get(consumable) ?? { quantity: 0n, allowanceQuantity: 0n }
  quantities.set(consumable, {
    quantity: known.quantity + more.quantity,
    allowanceQuantity: known.allowanceQuantity + more.allowanceQuantity,
  })
}
