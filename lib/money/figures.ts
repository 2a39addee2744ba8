/** The parts of a pool's credits. Together they are the balance, to the nano. */
export type PoolFigures = {
  addedNanos: bigint
  givenNanos: bigint
  spentNanos: bigint
  /** The amount that refunds and disputes took, less what came back. */
  takenBackNanos: bigint
  hasDisputes: boolean
  expiredNanos: bigint
  /** Positive: came from other pools. Negative: went to them. */
  transferredNanos: bigint
  adjustedNanos: bigint
}
