import { formatUsd, NANOS_PER_CENT } from "@/lib/money/usd"
import type { RateBase } from "./in-words"

/** A hundredth of a cent: an average has more digits than anybody reads. */
const STEP_NANOS = NANOS_PER_CENT / 100n

/**
 * Returns the average price of a base's units in words: `$2.40`, `less than $0.0001`. Null without usage.
 *
 * @param paid the quantity as it is counted, units x 10^decimals, and what it cost in all.
 */
export function averageInWords(
  { quantity, costNanos }: { quantity: bigint; costNanos: bigint },
  { decimals }: { decimals: number },
  { units }: RateBase,
): string | null {
  if (quantity <= 0n) return null
  const exact = costNanos * units * 10n ** BigInt(decimals)
  const steps = (exact + (quantity * STEP_NANOS) / 2n) / (quantity * STEP_NANOS)
  if (steps === 0n && costNanos > 0n) return `less than ${formatUsd(STEP_NANOS, { precision: "exact" })}`
  return formatUsd(steps * STEP_NANOS, { precision: "exact" })
}
