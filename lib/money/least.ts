/** Returns the smaller of two amounts. */
export function least(one: bigint, other: bigint): bigint {
  if (one < other) return one
  return other
}

/** Returns the larger of two amounts. */
export function greatest(one: bigint, other: bigint): bigint {
  if (one > other) return one
  return other
}
