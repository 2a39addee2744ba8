import type { Db } from "@/lib/db/client"
import { InvalidInputError } from "@/lib/errors"
import { can } from "@/lib/teams/permissions"
import type { Membership } from "@/lib/teams/queries"
import { getUsageChoices, type UsageChoices } from "./choices"
import { namedGroupOf, type UsageFilter } from "./filter"
import { getUsage, type Usage, type UsageOfGroup } from "./get-usage"
import { listUsageRecords, type RecordPage, type UsageRecord } from "./list-records"
import { type Sort, toUsageFilter, type UsageQuery } from "./page-query"
import { type DayRange, presetRange, readDayRange } from "./range"

export type UsageSort = { sort: Sort; isReverse: boolean }

const ROWS = 20
const RECORDS = 50

export type UsagePage = {
  choices: UsageChoices
  /** Whether everybody’s usage is shown. Otherwise it is the reader’s own. */
  seesEverybody: boolean
  /** Otherwise every amount of money in `usage` and `records` is zero. */
  seesCosts: boolean
} & (
  | { problem: { field: string; message: string }; usage: null; records: null }
  | { problem: null; range: DayRange; usage: Usage; sort: UsageSort; records: null }
  | { problem: null; range: DayRange; usage: null; records: RecordPage }
)

/**
 * Returns the Usage page as somebody may see it: Owners and Admins everybody’s usage; a Member their own, and what it
 * cost only where the team shows that. Null for an address about others’ usage, or about a member, key or pool that
 * the team doesn’t have.
 */
export async function getUsagePage(
  { db, now }: { db: Db; now: Date },
  { team, member }: Membership,
  query: UsageQuery,
): Promise<UsagePage | null> {
  const seesEverybody = can(member.role, "credits:view")
  if (!seesEverybody && (query.member || query.key || query.by === "member" || query.by === "api_key"))
    return null
  const onlyMemberId = seesEverybody ? null : member.id
  const filter = toUsageFilter(query, onlyMemberId)
  const asked = readQuestion(query, now)
  const [choices, found] = await Promise.all([
    getUsageChoices(db, team.id, onlyMemberId, {
      memberId: seesEverybody ? filter.memberId : undefined,
      apiKeyId: filter.apiKeyId,
      poolId: filter.poolId,
    }),
    "message" in asked ? null : readUsage(db, team.id, { range: asked, filter, query }),
  ])
  const known = [
    !query.pool || choices.pools.some(({ id }) => id === query.pool),
    !seesEverybody || !filter.memberId || choices.members.some(({ id }) => id === filter.memberId),
    !filter.apiKeyId || choices.keys.some(({ id }) => id === filter.apiKeyId),
  ]
  if (known.includes(false)) return null
  const seesCosts = seesEverybody || choices.membersSeeCosts
  const common = { choices, seesEverybody, seesCosts }
  if ("message" in asked) return { ...common, problem: asked, usage: null, records: null }
  if (!found) throw new Error("A range without a problem was asked for")
  const { usage, records } = found
  if (records) {
    const shown = seesCosts ? records.records : records.records.map(recordWithoutCosts)
    return { ...common, problem: null, range: asked, usage, records: { ...records, records: shown } }
  }
  const sort = sortOf(query, seesCosts)
  const shown = sortUsage(seesCosts ? usage : withoutCosts(usage), sort)
  return { ...common, problem: null, range: asked, usage: shown, sort, records }
}

async function readUsage(
  db: Db,
  teamId: string,
  { range, filter, query }: { range: DayRange; filter: UsageFilter; query: UsageQuery },
): Promise<{ usage: Usage; records: null } | { usage: null; records: RecordPage }> {
  if (query.view) {
    const { day, after = null } = query
    const days = day === undefined ? range : { from: day, to: day }
    const asked = { range: days, filter, place: after, limit: RECORDS }
    return { usage: null, records: await listUsageRecords(db, teamId, asked) }
  }
  const asked = { range, groupBy: query.by, interval: "day", filter, compares: true, most: ROWS } as const
  return { usage: await getUsage(db, teamId, asked), records: null }
}

/** Returns the days that are asked for, or the sentence about why they can’t be. */
function readQuestion(query: UsageQuery, now: Date): DayRange | { field: string; message: string } {
  try {
    namedGroupOf(toUsageFilter(query, null), query.by)
    const { range, from, to } = query
    return range === "custom" ? readDayRange({ from, to }, now) : presetRange(range, now)
  } catch (error) {
    if (error instanceof InvalidInputError) return { field: error.field ?? "by", message: error.message }
    throw error
  }
}

/** An order by amounts that somebody doesn’t see would tell them. */
function sortOf({ sort }: UsageQuery, seesCosts: boolean): UsageSort {
  if (sort && (seesCosts || sort.sort === "name" || sort.sort === "records")) return sort
  return { sort: seesCosts ? "cost" : "records", isReverse: false }
}

const AMOUNTS = {
  records: ({ totals }) => totals.records,
  included: ({ totals }) => totals.includedNanos,
  credits: ({ totals }) => totals.creditsNanos,
  cost: ({ totals }) => totals.costNanos,
} satisfies Record<Exclude<Sort, "name">, (group: UsageOfGroup) => bigint>

const letters = new Intl.Collator("en", { numeric: true })

/** The days’ parts stay in the order of the groups. */
function sortUsage(usage: Usage, { sort, isReverse }: UsageSort): Usage {
  const compare =
    sort === "name"
      ? (a: UsageOfGroup, b: UsageOfGroup) => letters.compare(a.name, b.name)
      : (a: UsageOfGroup, b: UsageOfGroup) => Number(AMOUNTS[sort](b) - AMOUNTS[sort](a))
  const order = usage.groups
    .map((group, place) => ({ group, place }))
    .sort((a, b) => compare(a.group, b.group) * (isReverse ? -1 : 1) || a.place - b.place)
  return {
    ...usage,
    groups: order.map(({ group }) => group),
    buckets: usage.buckets.map((bucket) => ({
      ...bucket,
      groups: order.flatMap(({ place }) => bucket.groups[place] ?? []),
    })),
  }
}

const free = <T extends { includedNanos: bigint; creditsNanos: bigint }>(amounts: T): T => ({
  ...amounts,
  includedNanos: 0n,
  creditsNanos: 0n,
  ...("costNanos" in amounts ? { costNanos: 0n } : {}),
})

function withoutCosts(usage: Usage): Usage {
  return {
    ...usage,
    totals: free(usage.totals),
    totalsBefore: free(usage.totalsBefore),
    groups: usage.groups.map((group) => ({ ...group, totals: free(group.totals) })),
    others: usage.others && { ...usage.others, totals: free(usage.others.totals) },
    buckets: usage.buckets.map((bucket) => ({
      ...bucket,
      totals: free(bucket.totals),
      groups: bucket.groups.map(free),
      others: free(bucket.others),
    })),
  }
}

const recordWithoutCosts = (record: UsageRecord): UsageRecord => ({
  ...free(record),
  rateNanos: 0n,
  reversed: record.reversed && free(record.reversed),
})
