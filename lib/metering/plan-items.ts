import { isRenewalDue } from "@/lib/billing/renew-pool"
import type { LimitState } from "@/lib/ledger/limits"
import type { PoolState } from "@/lib/ledger/pool-state"
import { LimitBook } from "./limit-book"
import { planSpends, type SpendPlan } from "./plan-spends"
import type { PoolMemory } from "./pool-memory"
import type { ReadyItem } from "./spend-item"
import { lowThresholdOf, type TeamContext } from "./team-context"

export function planItems(
  state: PoolState,
  items: ReadyItem[],
  team: TeamContext,
  limits: LimitBook,
): SpendPlan {
  const requests = items.map(({ placed }) => placed.request)
  return planSpends(
    state,
    requests,
    lowThresholdOf(team, state.poolId),
    team.topUps.has(state.poolId),
    limits,
  )
}

/** Returns the ids of the limits that count any of these records. A team without limits costs no look at each. */
export function limitIdsOf(team: TeamContext, items: ReadyItem[]): string[] {
  if (team.limitIds.size === 0) return []
  return [...new Set(items.flatMap(({ placed }) => placed.request.limitIds ?? []))]
}

/**
 * Plans a pool's records from memory. Returns null where that is not enough: jobs need a transaction around them, a
 * refusal needs to be true now, what time has ended is written off first, and people may have to be told of a limit.
 * `drafted` has the limits as the flush's plans so far leave them, and gets those of this one.
 */
export function planFromMemory(
  memory: PoolMemory,
  team: TeamContext,
  { poolId, items }: { poolId: string; items: ReadyItem[] },
  drafted: Map<string, LimitState>,
  now: Date,
): SpendPlan | null {
  const state = memory.get(poolId)
  if (!state) throw new Error("The team has no such pool")
  if (memory.isContended(poolId) || isRenewalDue(state, now)) return null
  const ids = limitIdsOf(team, items)
  const limits = ids.flatMap((id) => drafted.get(id) ?? memory.limit(id) ?? [])
  if (limits.length < ids.length) return null
  const plan = planItems(state, items, team, new LimitBook(limits))
  const isPlain = plan.crossings.length === 0 && !plan.isMadeDue && plan.spend.rows.length > 0
  if (!isPlain || plan.limits.needsLook) return null
  for (const limit of plan.limits.all) drafted.set(limit.id, limit)
  return plan
}

/** Marks the records that the plan pays: until an answer comes, they may or may not be in the ledger. */
export function markSent(items: ReadyItem[], { outcomes }: SpendPlan): void {
  for (const [index, item] of items.entries()) item.isSent = "receipt" in (outcomes[index] ?? {})
}
