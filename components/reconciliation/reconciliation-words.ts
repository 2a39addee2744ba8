import { formatUsd } from "@/lib/money/usd"

export type DifferenceEntry = {
  kind: string
  /** Stripe's id of the object in question. */
  objectId: string
  /** The amount that Stripe names, if it is in US dollars. */
  stripeNanos: bigint | null
  currency: string | null
  ledgerNanos: bigint | null
}

export type ReconciliationFigures = { counted: number; matched: number; repaired: number }

/** Says in a sentence or two what the last check found. */
export function summaryInWords(
  { counted, repaired }: ReconciliationFigures,
  openDifferences: number,
): string {
  if (openDifferences > 0)
    return openDifferences === 1 ? "One thing doesn’t match." : `${openDifferences} things don’t match.`
  if (counted === 0) return "Nothing to compare yet."
  const all = counted === 1 ? "The one payment matches." : `All ${grouped(counted)} payments match.`
  if (repaired === 0) return all
  return `${all} ${repaired === 1 ? "One was missing and has been added." : `${grouped(repaired)} were missing and have been added.`}`
}

/** Says in plain words what doesn't match. */
export function differenceInWords({ kind, stripeNanos, currency, ledgerNanos }: DifferenceEntry): string {
  const atStripe = stripeNanos === null ? "Money" : formatUsd(stripeNanos)
  const here = ledgerNanos === null ? "Nothing" : formatUsd(ledgerNanos)
  switch (kind) {
    case "payment_not_credited":
      return stripeNanos === null && currency
        ? `A payment was made in ${currency.toUpperCase()}. Credits are in USD, so it isn’t credited.`
        : `${atStripe} was paid and fits no purchase, so it isn’t credited.`
    case "payment_amount_differs":
      return `${atStripe} was paid, but ${here} is credited.`
    case "payment_not_captured":
      return `${here} is credited, but Stripe hasn’t taken the payment.`
    case "payment_unknown_at_stripe":
      return `${here} is credited, but Stripe doesn’t know the payment.`
    case "refund_not_recorded":
      return `A refund${ofAmount(stripeNanos)} couldn’t be taken into account.`
    case "dispute_not_recorded":
      return `A dispute${ofAmount(stripeNanos)} couldn’t be taken into account.`
    default:
      return "Stripe and your credits don’t agree."
  }
}

const ofAmount = (nanos: bigint | null) => (nanos === null ? "" : ` of ${formatUsd(nanos)}`)

export function failedEventsInWords(count: number): string {
  return count === 1
    ? "A message from Stripe about your team couldn’t be processed yet. It is tried again every hour."
    : `${grouped(count)} messages from Stripe about your team couldn’t be processed yet. They are tried again every hour.`
}

export type ReconciliationState = {
  /** The payments compared in the last check that reached its end. */
  counted: number
  /** The ISO instant of that check. Null before the first. */
  checkedAt: string | null
  /** The hourly check is a day late. */
  isLate: boolean
  /** A later check couldn't finish. */
  hasFailed: boolean
  openDifferences: number
  failedEvents: number
}

/** Says in one line whether ledger and Stripe agree, or the first reason to doubt it. */
export function lineInWords(state: ReconciliationState): {
  text: string
  look: "fine" | "doubt" | "waiting"
} {
  const { counted, checkedAt, isLate, hasFailed, openDifferences, failedEvents } = state
  const doubt = (text: string) => ({ text, look: "doubt" as const })
  if (openDifferences > 0)
    return doubt(
      openDifferences === 1
        ? "Ledger and Stripe differ in one thing"
        : `Ledger and Stripe differ in ${grouped(openDifferences)} things`,
    )
  if (hasFailed) return doubt("The last check of ledger and Stripe couldn’t finish")
  if (checkedAt === null) return { text: "Ledger and Stripe haven’t been compared yet", look: "waiting" }
  if (isLate) return doubt("The hourly check of ledger and Stripe is late")
  if (failedEvents > 0)
    return doubt(
      failedEvents === 1
        ? "A message from Stripe couldn’t be processed yet"
        : `${grouped(failedEvents)} messages from Stripe couldn’t be processed yet`,
    )
  return {
    text: counted === 0 ? "Nothing to compare with Stripe yet" : "Ledger and Stripe agree",
    look: "fine",
  }
}

export const grouped = (count: number) => count.toLocaleString("en-US")
