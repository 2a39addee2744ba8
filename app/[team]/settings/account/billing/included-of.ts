import type { Pool } from "@/lib/pools/queries"

/** What is left of what the plan included this period, as the card takes it. Null: nothing, or the period is over. */
export function includedOf({ includedNanos, periodEndsAt }: Pool, now: Date) {
  if (includedNanos <= 0n || periodEndsAt === null || periodEndsAt <= now) return null
  return { nanos: includedNanos, until: periodEndsAt.toISOString() }
}
