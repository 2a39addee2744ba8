import { NANOS_PER_CENT } from "@/lib/money/usd"

const MAX_CENTS = BigInt(Number.MAX_SAFE_INTEGER)

/**
 * Converts to Stripe's whole cents. Throws on an amount that isn't a whole number of cents, because rounding would
 * lose money.
 */
export function toCents(nanos: bigint): number {
  if (nanos % NANOS_PER_CENT !== 0n) throw new RangeError("Only whole cents can be charged.")
  const wholeCents = nanos / NANOS_PER_CENT
  if (wholeCents > MAX_CENTS || wholeCents < -MAX_CENTS)
    throw new RangeError("The amount is too large to be charged.")
  return Number(wholeCents)
}

export function fromCents(cents: number): bigint {
  if (!Number.isSafeInteger(cents)) throw new RangeError("Stripe’s amount is not a whole number of cents.")
  return BigInt(cents) * NANOS_PER_CENT
}
