import { least } from "@/lib/money/least"

/** What a refund or dispute is owed of a payment, and what it has taken back so far. */
export type Claim = {
  kind: "refund" | "dispute"
  id: string
  /** Nothing for a refund that failed, or a dispute that has taken no money or brought it back. */
  claimedNanos: bigint
  takenNanos: bigint
}

/** Positive: to be taken back from the pool. Negative: to be given back to it. */
export type Move = { claim: Claim; amountNanos: bigint }

/**
 * What has to move so that a payment's refunds and disputes have taken back what they claim, and all together at most what
 * was captured: a customer who is refunded and disputes the same payment loses its credits once. A claim that finds
 * nothing left takes as soon as another one gives back. What is taken in the end doesn't depend on the order.
 */
export function decideMoves(capturedNanos: bigint, claims: Claim[]): Move[] {
  const moves: Move[] = []
  let left = capturedNanos
  for (const claim of claims) {
    const kept = least(claim.takenNanos, claim.claimedNanos)
    left -= kept
    if (kept < claim.takenNanos) moves.push({ claim, amountNanos: kept - claim.takenNanos })
  }
  for (const claim of claims) {
    const taken = least(claim.claimedNanos - least(claim.takenNanos, claim.claimedNanos), left)
    left -= taken
    if (taken > 0n) moves.push({ claim, amountNanos: taken })
  }
  return moves
}
