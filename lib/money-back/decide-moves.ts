import { least } from "@/lib/money/least"

/** A refund or dispute: its claim on a payment, and the credits that it has taken back so far. */
export type Claim = {
  kind: "refund" | "dispute"
  id: string
  /** Its part of the amount paid. Zero for a refund that failed, and for a dispute that took no money or returned it. */
  claimedNanos: bigint
  /** In terms of the credits. */
  takenNanos: bigint
}

/** The amount paid, and the part of it that became credits: less where there was tax. */
export type Paid = { paidNanos: bigint; capturedNanos: bigint }

/** Positive: to be taken from the pool. Negative: to be returned to it. */
export type Move = { claim: Claim; amountNanos: bigint }

/**
 * Returns the moves after which a payment's refunds and disputes have taken the credits' share of their claims, and together
 * at most all credits: a customer who is refunded and disputes the same payment loses its credits once. Claims of everything
 * that was paid take all credits, to the nano. A claim that finds nothing left takes as soon as another gives back. The order
 * doesn't change the sum in the end.
 */
export function decideMoves(payment: Paid, claims: Claim[]): Move[] {
  const { paidNanos, capturedNanos } = payment
  const sum = (of: (claim: Claim) => bigint) => claims.reduce((total, claim) => total + of(claim), 0n)
  const share = (claim: Claim) => shareOf(payment, claim.claimedNanos)
  // Each share is rounded by itself. The claim that takes the remainder keeps it.
  const missing = sum(({ claimedNanos }) => claimedNanos) >= paidNanos ? capturedNanos - sum(share) : 0n
  let rest = missing > 0n ? missing : 0n
  let left = capturedNanos
  const targets = claims.map((claim) => {
    const wanted = share(claim)
    const extra = least(
      claim.takenNanos > wanted ? claim.takenNanos - wanted : 0n,
      claim.claimedNanos > 0n ? rest : 0n,
    )
    rest -= extra
    const kept = least(claim.takenNanos, wanted + extra)
    left -= kept
    return { claim, wanted: wanted + extra, kept }
  })
  const last = targets.findLast(({ claim }) => claim.claimedNanos > 0n)
  if (last) last.wanted += rest
  const given = targets.filter(({ claim, kept }) => kept < claim.takenNanos)
  const taken = targets.flatMap(({ claim, wanted, kept }) => {
    const amountNanos = least(wanted - kept, left)
    left -= amountNanos
    return amountNanos > 0n ? { claim, amountNanos } : []
  })
  return [...given.map(({ claim, kept }) => ({ claim, amountNanos: kept - claim.takenNanos })), ...taken]
}

/** Returns the credits' share of an amount of the payment, rounded half up, as the database's `clawbacks_share` does. */
function shareOf({ paidNanos, capturedNanos }: Paid, amountNanos: bigint): bigint {
  if (capturedNanos >= paidNanos) return amountNanos
  return (2n * amountNanos * capturedNanos + paidNanos) / (2n * paidNanos)
}
