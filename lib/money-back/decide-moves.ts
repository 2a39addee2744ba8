import { least } from "@/lib/money/least"

/** What a refund or dispute asks of a payment, and what it has taken back so far. */
export type Claim = {
  kind: "refund" | "dispute"
  id: string
  /** Of what was paid. Nothing for a refund that failed, or a dispute that has taken no money or brought it back. */
  claimedNanos: bigint
  /** Of the credits. */
  takenNanos: bigint
}

/** What was paid, and how much of it became credits: less, where there was tax. */
export type Paid = { paidNanos: bigint; capturedNanos: bigint }

/** Positive: to be taken back from the pool. Negative: to be given back to it. */
export type Move = { claim: Claim; amountNanos: bigint }

/**
 * What has to move so that a payment's refunds and disputes have taken back the credits' share of what they claim, and all
 * together at most all credits: a customer who is refunded and disputes the same payment loses its credits once. Once they
 * claim all that was paid, they have taken all credits, to the nano. A claim that finds nothing left takes as soon as another
 * one gives back. What is taken in the end doesn't depend on the order.
 */
export function decideMoves(payment: Paid, claims: Claim[]): Move[] {
  const { paidNanos, capturedNanos } = payment
  const sum = (of: (claim: Claim) => bigint) => claims.reduce((total, claim) => total + of(claim), 0n)
  const share = (claim: Claim) => shareOf(payment, claim.claimedNanos)
  // Shares are rounded, each for itself. What that leaves of the whole stays with whoever takes it.
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

/** The credits' share of an amount of the payment, rounded half up. The database's `clawbacks_share` says the same. */
function shareOf({ paidNanos, capturedNanos }: Paid, amountNanos: bigint): bigint {
  if (capturedNanos >= paidNanos) return amountNanos
  return (2n * amountNanos * capturedNanos + paidNanos) / (2n * paidNanos)
}
