import { isRenewalDue } from "@/lib/billing/renew-pool"
import type { PoolState } from "@/lib/ledger/pool-state"
import { planSpends, type SpendPlan } from "./plan-spends"
import type { PoolMemory } from "./pool-memory"
import type { ReadyItem } from "./spend-item"
import { lowThresholdOf, type TeamContext } from "./team-context"

export function planItems(state: PoolState, items: ReadyItem[], team: TeamContext): SpendPlan {
  const requests = items.map(({ placed }) => placed.request)
  return planSpends(state, requests, lowThresholdOf(team, state.poolId), team.topUps.has(state.poolId))
}

/**
 * Plans a pool's records from memory. Returns null where that is not enough: jobs need a transaction around them, a
 * refusal needs to be true now, and what time has ended is written off first.
 */
export function planFromMemory(
  memory: PoolMemory,
  team: TeamContext,
  { poolId, items }: { poolId: string; items: ReadyItem[] },
  now: Date,
): SpendPlan | null {
  const state = memory.get(poolId)
  if (!state) throw new Error("The team has no such pool")
  if (memory.isContended(poolId) || isRenewalDue(state, now)) return null
  const plan = planItems(state, items, team)
  return plan.crossings.length === 0 && !plan.isMadeDue && plan.spend.rows.length > 0 ? plan : null
}

/** Marks the records that the plan pays: until an answer comes, they may or may not be in the ledger. */
export function markSent(items: ReadyItem[], { outcomes }: SpendPlan): void {
  for (const [index, item] of items.entries()) item.isSent = "receipt" in (outcomes[index] ?? {})
}
