export type UsageToPrice = {
  /** Units x 10^decimals, not negative. */
  quantity: bigint
  /** The rest of the period's allowance, on the same scale. Below zero it counts as none. */
  allowanceLeft: bigint
  decimals: number
  /** USD nanos for one whole unit. */
  rateNanos: bigint
}

export type PricedUsage = {
  /** USD nanos for what exceeds the allowance. */
  costNanos: bigint
  /** The part of the quantity that the allowance pays for. */
  allowanceQuantity: bigint
}

/** Returns the price of one usage record: the part beyond the allowance x the rate, rounded half up once, to the nano. */
export function priceUsage({ quantity, allowanceLeft, decimals, rateNanos }: UsageToPrice): PricedUsage {
  if (quantity < 0n) throw new RangeError("Usage can’t be negative.")
  if (rateNanos <= 0n) throw new RangeError("A rate must be above zero.")
  // A smaller plan in the middle of a period can give less than was already used.
  const allowance = allowanceLeft > 0n ? allowanceLeft : 0n
  const allowanceQuantity = quantity < allowance ? quantity : allowance
  const scale = 10n ** BigInt(decimals)
  const costNanos = (2n * (quantity - allowanceQuantity) * rateNanos + scale) / (2n * scale)
  return { costNanos, allowanceQuantity }
}
