import { formatUtcDate, formatUtcDay, parseReadersNow } from "@/lib/format-time"
import { formatBalance, shownBalance } from "@/lib/money/usd"

/** Says what the plan still gives this period. Periods end by the UTC calendar, wherever the reader is. */
export function includedInWords(
  included: { nanos: bigint; until: string } | null | undefined,
  now: string,
): string | null {
  if (!included || shownBalance(included.nanos) === 0n) return null
  const day = formatUtcDate(new Date(included.until), parseReadersNow(now).at)
  return `plus ${formatBalance(included.nanos)} included until ${day}`
}

/** For a pool with nothing left to pay with. Usage within the plan's allowances goes on. */
export function emptyInWords(renewsAt: string, canBuy: boolean): string {
  const day = formatUtcDay(new Date(renewsAt))
  return canBuy
    ? `Add some to resume, or wait until ${day}.`
    : `Usage resumes when somebody adds credits, or on ${day}.`
}

export function debtInWords(cause?: "refund" | "dispute" | null): string {
  const what = cause === "dispute" ? "A disputed payment" : "A refund"
  return `${what} was larger than what was left. Usage resumes once it is covered.`
}
