import { NANOS_PER_CENT, shownBalance } from "./usd"

/**
 * Rounds the parts of a balance to whole cents, so that they add up to the balance as shown. Each differs from the
 * exact part by less than a cent; whole cents stay as they are.
 */
export function centsThatAddUp(parts: bigint[]): bigint[] {
  const total = shownBalance(parts.reduce((sum, part) => sum + part, 0n))
  const shown = parts.map((part, index) => ({ index, cents: floorToCent(part), rest: restOf(part) }))
  const missing = Number((total - shown.reduce((sum, { cents }) => sum + cents, 0n)) / NANOS_PER_CENT)
  // The parts that lost most by rounding down get the missing cents.
  const byLoss = shown.toSorted((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))
  for (const each of byLoss.slice(0, missing)) each.cents += NANOS_PER_CENT
  return shown.map(({ cents }) => cents)
}

function restOf(nanos: bigint): bigint {
  const rest = nanos % NANOS_PER_CENT
  return rest < 0n ? rest + NANOS_PER_CENT : rest
}

const floorToCent = (nanos: bigint): bigint => nanos - restOf(nanos)
