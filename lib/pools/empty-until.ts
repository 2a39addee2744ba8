import { isUsedUp } from "./is-low"

type Holdings = {
  balanceNanos: bigint
  includedNanos: bigint
  lifetimeSpentNanos: bigint
  periodEndsAt: Date | null
}

/**
 * Returns until when a pool with no credits left has nothing to pay with: the time when its plan's included credits
 * renew. Null while a cent is left, in debt, for a pool that never spent, and between two periods, because the next
 * use begins the new one.
 */
export function emptyUntil(pool: Holdings, now: Date): Date | null {
  const { balanceNanos, includedNanos, lifetimeSpentNanos, periodEndsAt } = pool
  const isEmpty = balanceNanos >= 0n && isUsedUp(balanceNanos + includedNanos)
  if (!isEmpty || lifetimeSpentNanos === 0n) return null
  return periodEndsAt !== null && periodEndsAt > now ? periodEndsAt : null
}
