import type { Pool } from "@/lib/pools/queries"

/**
 * The plan's included credits left in this period, as the card takes them. Null when none are left or the period is
 * over.
 */
export function includedOf({ includedNanos, periodEndsAt }: Pool, now: Date) {
  if (includedNanos <= 0n || periodEndsAt === null || periodEndsAt <= now) return null
  return { nanos: includedNanos, until: periodEndsAt.toISOString() }
}
