import { formatUsd } from "@/lib/money/usd"

type Settings = { enabled: boolean; thresholdNanos: bigint; amountNanos: bigint }
type Change = Settings & { capNanos: bigint | null }

const capInWords = (nanos: bigint | null) => (nanos === null ? "none" : formatUsd(nanos))

/** Says what a change would make of what holds now, a line each. */
export function changesInWords(
  now: { settings: Settings | null; capNanos: bigint | null },
  to: Change,
): string[] {
  const from = now.settings
  const lines = [
    to.capNanos !== now.capNanos && `Monthly cap: ${capInWords(now.capNanos)} → ${capInWords(to.capNanos)}`,
    to.amountNanos !== from?.amountNanos &&
      `Amount of a top-up: ${from ? `${formatUsd(from.amountNanos)} → ` : ""}${formatUsd(to.amountNanos)}`,
    to.thresholdNanos !== from?.thresholdNanos &&
      `Threshold: ${from ? `${formatUsd(from.thresholdNanos)} → ` : ""}${formatUsd(to.thresholdNanos)}`,
    to.enabled !== (from?.enabled ?? false) && `Auto top-up: ${to.enabled ? "off → on" : "on → off"}`,
  ]
  return lines.filter((line) => line !== false)
}

/** The same of the rule. */
export function ruleInWords(aboveNanos: bigint | null): string {
  return aboveNanos === null
    ? "Approval: no longer required"
    : `Approval: required only above ${formatUsd(aboveNanos)}`
}
