import type { SpendCap, TopUpSettings } from "./schema"

type Before = { amountNanos: bigint | null; capNanos: bigint | null }
type After = Pick<TopUpSettings, "amountNanos"> & Pick<SpendCap, "capNanos">

/**
 * Whether a second person has to approve a change: a higher cap or a higher amount, above the rule's figure. A lower
 * one never needs it. `aboveNanos` null: the team has no rule. `before.amountNanos` null: nothing was saved before.
 */
export function needsApproval(aboveNanos: bigint | null, before: Before, after: After): boolean {
  if (aboveNanos === null) return false
  const isCapRaised =
    before.capNanos !== null && (after.capNanos === null || after.capNanos > before.capNanos)
  const isAmountRaised = after.amountNanos > (before.amountNanos ?? 0n)
  return (
    (isCapRaised && (after.capNanos === null || after.capNanos > aboveNanos)) ||
    (isAmountRaised && after.amountNanos > aboveNanos)
  )
}

/** Whether the rule would ask for less than before. That needs approval as well, or nobody would need any. */
export function isLoosened(before: bigint | null, after: bigint | null): boolean {
  return before !== null && (after === null || after > before)
}
