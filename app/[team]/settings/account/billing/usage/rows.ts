import type { BarSeries } from "@/components/charts/chart-types"
import type { RecordRow, UsageColumn, UsageRow } from "@/components/usage/usage-types"
import { shareOf } from "@/components/usage/usage-words"
import { CATALOG, consumableName, isConsumable } from "@/lib/catalog/catalog"
import { quantityInWords, rateInWords } from "@/lib/catalog/in-words"
import type { Plan } from "@/lib/db/generated/enums"
import { toPublicId } from "@/lib/ids"
import type { UsageGroup } from "@/lib/usage/filter"
import type { Usage, UsageOfGroup } from "@/lib/usage/get-usage"
import type { UsagePage } from "@/lib/usage/get-usage-page"
import type { UsageRecord } from "@/lib/usage/list-records"
import { triggerName } from "@/lib/usage/names"
import { SORTS, type UsageQuery, usageHref } from "@/lib/usage/page-query"
import { type DayRange, daysOf } from "@/lib/usage/range"

/** Returns the changes that choose a group’s usage. Null for what no filter can say. */
export function narrowTo(by: UsageGroup, key: string | null): Partial<UsageQuery> | null {
  if (by === "member") return { member: key ?? "none" }
  if (by === "api_key") return { key: key ?? "none" }
  return key === null || key === "" ? null : { [by]: key }
}

const usedInWords = (quantity: bigint, code: string) =>
  `${consumableName(code)} · ${quantityInWords(quantity, code)}`

type Reader = { path: string; query: UsageQuery; seesCosts: boolean; plan: Plan }

export function toUsageRows(
  { groups, others, totals }: Usage,
  { path, query, seesCosts, plan }: Reader,
): UsageRow[] {
  // Otherwise the row doesn't say which calls they are.
  const unitsInWords = query.by === "consumable" ? quantityInWords : usedInWords
  const row = (id: string, name: string, href: string | null, group: Omit<UsageOfGroup, "key" | "name">) => {
    const { records, includedNanos, creditsNanos, costNanos } = group.totals
    const quantities = [...group.quantities]
    const code = query.by === "consumable" ? quantities[0]?.[0] : undefined
    return {
      ...{ id, name, href, records, includedNanos, creditsNanos, costNanos },
      units: quantities.map(([each, { quantity }]) => unitsInWords(quantity, each)),
      allowances: quantities.flatMap(([each, { allowanceQuantity }]) =>
        allowanceQuantity > 0n ? unitsInWords(allowanceQuantity, each) : [],
      ),
      rate:
        code !== undefined && isConsumable(code)
          ? rateInWords(CATALOG.plans[plan].terms[code].rateNanos, code)
          : null,
      share: seesCosts ? shareOf(costNanos, totals.costNanos) : shareOf(records, totals.records),
    }
  }
  const rows = groups.map((group) => {
    const narrow = narrowTo(query.by, group.key)
    const href =
      narrow && usageHref(path, query, { ...narrow, view: "records", day: undefined, after: undefined })
    return row(`${query.by} ${group.key}`, group.name, href, group)
  })
  return others ? [...rows, row("others", "All others", null, others)] : rows
}

/** Returns the chart’s days and one series for each group, with what nobody can tell apart last. */
export function toChart(
  { groups, others, buckets }: Usage,
  range: DayRange,
  { path, query }: Pick<Reader, "path" | "query">,
): { days: string[]; series: BarSeries[]; dayHrefs: (string | null)[] } {
  const days = daysOf(range)
  const byDay = new Map(buckets.map((bucket) => [bucket.from, bucket]))
  const recordsHref = (day: string, changes: Partial<UsageQuery>) =>
    byDay.has(day) ? usageHref(path, query, { ...changes, view: "records", day, after: undefined }) : null
  const series = groups.map(({ key, name }, place) => {
    const narrow = narrowTo(query.by, key)
    return {
      name,
      amounts: days.map((day) => byDay.get(day)?.groups[place]?.costNanos ?? 0n),
      hrefs: days.map((day) => narrow && recordsHref(day, narrow)),
    }
  })
  const rest = { name: "All others", amounts: days.map((day) => byDay.get(day)?.others.costNanos ?? 0n) }
  return {
    days,
    series: others ? [...series, rest] : series,
    dayHrefs: days.map((day) => recordsHref(day, {})),
  }
}

/** A second press turns the order round. */
export function sortHrefs(
  path: string,
  query: UsageQuery,
  sort: { column: UsageColumn; isReverse: boolean },
) {
  const hrefs = SORTS.map((column) => {
    const isReverse = sort.column === column && !sort.isReverse
    return [column, usageHref(path, query, { sort: { sort: column, isReverse } })]
  })
  return Object.fromEntries(hrefs) as Record<UsageColumn, string>
}

export function toRecordRows(
  records: UsageRecord[],
  {
    choices,
    seesCosts,
    transactionsPath,
  }: Pick<UsagePage, "choices" | "seesCosts"> & {
    /** Null for readers who see no transactions. */
    transactionsPath: string | null
  },
): RecordRow[] {
  const nameOf = (list: { id: string; name: string }[], id: string | null) =>
    list.find((each) => each.id === id)?.name
  return records.map((record) => {
    const { consumable, quantity, allowanceQuantity, includedNanos, creditsNanos, metadata, reversed } =
      record
    const member = record.memberId && (nameOf(choices.members, record.memberId) ?? "You")
    const key = record.apiKeyId && (nameOf(choices.keys, record.apiKeyId) ?? "An API key")
    const named = (["run", "model"] as const).flatMap((name) => {
      const value = metadata?.[name]
      return value === undefined || value === null || value === ""
        ? []
        : `${name === "run" ? "Run" : "Model"} ${value}`
    })
    return {
      id: `${record.poolNo}.${record.seq}`,
      at: record.occurredAt.toISOString(),
      what: usedInWords(quantity, consumable),
      rate: seesCosts ? rateInWords(record.rateNanos, consumable) : null,
      who: [member, key].filter(Boolean).join(" · ") || triggerName(record.trigger),
      names: named,
      allowance: allowanceQuantity > 0n ? quantityInWords(allowanceQuantity, consumable) : null,
      ...{ includedNanos, creditsNanos, costNanos: includedNanos + creditsNanos },
      reversed: reversed && `${quantityInWords(reversed.quantity, consumable)} taken back since`,
      // A record that included credits began to pay has its own place in the list only for what credits paid.
      transactionHref:
        transactionsPath !== null && creditsNanos > 0n && includedNanos === 0n
          ? `${transactionsPath}?pool=${toPublicId("pool", record.poolId)}&open=${record.seq}`
          : null,
    }
  })
}
