import type { ChoiceLink, FilterSelect, Narrowing } from "@/components/usage/usage-types"
import { consumableName } from "@/lib/catalog/catalog"
import { toPublicId } from "@/lib/ids"
import type { UsageGroup } from "@/lib/usage/filter"
import type { UsagePage } from "@/lib/usage/get-usage-page"
import { triggerName } from "@/lib/usage/names"
import { RANGES, type UsageQuery, usageHref, usageQueryFields } from "@/lib/usage/page-query"
import type { DayRange } from "@/lib/usage/range"

const RANGE_LABELS: Record<(typeof RANGES)[number], string> = {
  "7d": "7 days",
  "30d": "30 days",
  "90d": "90 days",
  month: "This month",
  last_month: "Last month",
  custom: "Custom",
}

export const GROUP_LABELS: Record<UsageGroup, string> = {
  consumable: "Consumable",
  member: "Member",
  api_key: "API key",
  trigger: "Trigger",
  run: "Run",
  model: "Model",
}

/** Returns a group within a sentence: `by consumable`, `by API key`. */
export const groupInWords = (group: UsageGroup) =>
  group === "api_key" ? GROUP_LABELS[group] : GROUP_LABELS[group].toLowerCase()

/** The changes that lead from records back to the totals. */
export const TOTALS = { view: undefined, day: undefined, after: undefined } as const

/** The address of a custom range begins with the days that are shown. */
export function rangeLinks(
  path: string,
  query: UsageQuery,
  shown: { from: string; to: string } | null,
): ChoiceLink[] {
  return RANGES.map((range) => {
    const days =
      range === "custom"
        ? { from: query.from ?? shown?.from, to: query.to ?? shown?.to }
        : { from: undefined, to: undefined }
    return {
      label: RANGE_LABELS[range],
      href: usageHref(path, query, { ...TOTALS, range, ...days }),
      isCurrent: query.range === range,
    }
  })
}

/** Totals by run say nothing of models, and the other way round. */
export function groupLinks(path: string, query: UsageQuery, seesEverybody: boolean): ChoiceLink[] {
  const groups = Object.keys(GROUP_LABELS) as UsageGroup[]
  return groups
    .filter((by) => seesEverybody || (by !== "member" && by !== "api_key"))
    .map((by) => ({
      label: GROUP_LABELS[by],
      href: usageHref(path, query, {
        ...TOTALS,
        by,
        ...(by === "run" ? { model: undefined } : {}),
        ...(by === "model" ? { run: undefined } : {}),
      }),
      isCurrent: query.by === by,
    }))
}

/** Returns the selects of the filter: only those by which there is something to choose. */
export function filterSelects(
  { choices, seesEverybody }: Pick<UsagePage, "choices" | "seesEverybody">,
  query: UsageQuery,
): FilterSelect[] {
  const fields = usageQueryFields(query)
  const of = (prefix: "member" | "key" | "pool", list: { id: string; name: string }[]) =>
    list.map(({ id, name }) => ({ value: toPublicId(prefix, id), label: name }))
  const codes = (list: string[], chosen: string | undefined, nameOf: (code: string) => string) =>
    [...new Set([...list, ...(chosen ? [chosen] : [])])].map((code) => ({ value: code, label: nameOf(code) }))
  const none = (label: string) => ({ value: "none", label })
  const select = (name: string, label: string, all: string, list: FilterSelect["choices"]) => ({
    ...{ name, label, all, choices: list, value: fields[name] ?? "" },
  })
  const { consumables, triggers, members, keys, pools } = choices
  return [
    select("consumable", "Consumable", "Everything", codes(consumables, query.consumable, consumableName)),
    ...(seesEverybody
      ? [
          select("member", "Member", "Everybody", [...of("member", members), none("No member")]),
          select("key", "API key", "Any or none", [...of("key", keys), none("No API key")]),
        ]
      : []),
    select("trigger", "Trigger", "Any", codes(triggers, query.trigger, triggerName)),
    ...(seesEverybody && pools.length > 1
      ? [select("pool", "Paid from", "Any pool", of("pool", pools))]
      : []),
  ]
}

/** Returns what narrows the figures, in words, each with the address without it. */
export function narrowingsOf(path: string, query: UsageQuery, selects: FilterSelect[]): Narrowing[] {
  const chosen = selects.flatMap(({ name, label, value, choices }) =>
    value === ""
      ? []
      : [
          {
            ...{ label, value: choices.find((each) => each.value === value)?.label ?? value },
            href: usageHref(path, query, { [name]: undefined, after: undefined }),
          },
        ],
  )
  const named = (["run", "model"] as const).flatMap((name) => {
    const value = query[name]
    return value === undefined
      ? []
      : [
          {
            label: GROUP_LABELS[name],
            value,
            href: usageHref(path, query, { [name]: undefined, after: undefined }),
          },
        ]
  })
  return [...chosen, ...named]
}

/** The address of the same days and groups without anything that narrows them. */
export const clearHref = (path: string, query: UsageQuery) =>
  usageHref(path, query, {
    ...{ consumable: undefined, member: undefined, key: undefined, trigger: undefined, pool: undefined },
    ...{ run: undefined, model: undefined, after: undefined },
  })

/**
 * Returns the list of transactions of the same days and filter, from where they are exported. Null where it would list others:
 * of one pool only, and not by trigger, run or model.
 */
export function transactionsHref(
  path: string,
  query: UsageQuery,
  { choices, range }: { choices: UsagePage["choices"]; range: DayRange },
): string | null {
  const pool = query.pool ?? (choices.pools.length === 1 ? choices.pools[0]?.id : undefined)
  if (pool === undefined || query.trigger || query.run || query.model) return null
  const { consumable, member, key } = usageQueryFields(query)
  const fields = { pool: toPublicId("pool", pool), kind: "consumption", ...range, consumable, member, key }
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined)
  return `${path}?${new URLSearchParams(given)}`
}

/** Returns the parts of an address that the filter’s form has no field for. */
export function keptFields(query: UsageQuery, selects: FilterSelect[]): Record<string, string> {
  const own = new Set([...selects.map(({ name }) => name), "from", "to", "after"])
  return Object.fromEntries(Object.entries(usageQueryFields(query)).filter(([name]) => !own.has(name)))
}
