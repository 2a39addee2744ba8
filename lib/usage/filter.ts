import { InvalidInputError } from "@/lib/errors"

export const USAGE_GROUPS = ["consumable", "member", "api_key", "trigger", "run", "model"] as const
export type UsageGroup = (typeof USAGE_GROUPS)[number]

/** The groups that clients name in a record's metadata. Totals by them lie in `usage_parts`. */
type NamedGroup = "run" | "model"

/** Narrows usage. A missing field is no condition; null chooses what names none, such as usage without a member. */
export type UsageFilter = {
  poolId?: string
  consumable?: string
  memberId?: string | null
  apiKeyId?: string | null
  trigger?: string
  run?: string
  model?: string
}

/**
 * Returns which of a record's names the totals are read by, if any. Throws InvalidInputError for both at once: each
 * has totals of its own, not of every run with every model.
 */
export function namedGroupOf(filter: UsageFilter, groupBy: UsageGroup | null): NamedGroup | null {
  const named = new Set<NamedGroup>()
  if (groupBy === "run" || groupBy === "model") named.add(groupBy)
  if (filter.run !== undefined) named.add("run")
  if (filter.model !== undefined) named.add("model")
  if (named.size > 1) throw new InvalidInputError("Choose by run or by model, not by both at once.")
  return [...named][0] ?? null
}
