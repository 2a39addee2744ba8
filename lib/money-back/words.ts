import { formatShortUtcDate } from "@/lib/format-time"
import type { CapturedPurchase } from "./captured-purchase"
import type { StoredClaim } from "./store"

/** Stripe's codes in plain words. Codes without words that help a reader are left out. */
const REASONS: Record<string, string> = {
  requested_by_customer: "Requested by customer",
  duplicate: "Paid twice",
  fraudulent: "Reported as fraud",
  bank_cannot_process: "The bank couldn’t process it",
  credit_not_processed: "A refund was expected",
  customer_initiated: "Opened by the customer",
  debit_not_authorized: "Not authorised",
  incorrect_account_details: "Wrong account details",
  insufficient_funds: "Too little money in the account",
  product_not_received: "Said not to be received",
  product_unacceptable: "Said not to be as described",
  subscription_canceled: "Said to be cancelled",
  unrecognized: "Not recognised",
}

const FAILURES: Record<string, string> = {
  charge_for_pending_refund_disputed: "The payment was disputed",
  declined: "The bank declined it",
  expired_or_canceled_card: "The card has expired or was cancelled",
  insufficient_funds: "Too little money to refund from",
  lost_or_stolen_card: "The card was lost or stolen",
  merchant_request: "Stopped on request",
}

export type Told = {
  kind: StoredClaim["kind"]
  purchase: Pick<CapturedPurchase, "kind" | "settledAt" | "capturedNanos">
  claim: Pick<StoredClaim, "occurredAt" | "status" | "reason" | "failureReason">
}

const PAID = {
  one_time: { alone: "Purchase", within: "purchase" },
  auto_top_up: { alone: "Auto top-up", within: "auto top-up" },
}

/** Says in a few words why money was asked back. Null where no words would help a reader. */
export function reasonInWords(code: string | null): string | null {
  return wordsFor(REASONS, code)
}

/** Says in half a sentence what was taken back and why: "Purchase of 24 Nov · Requested by customer". */
export function takeBackInWords({ purchase, claim }: Told, amountNanos: bigint, now: Date): string {
  const { alone, within } = PAID[purchase.kind]
  const what = amountNanos < purchase.capturedNanos ? `Part of the ${within}` : alone
  return joined(`${what} of ${formatShortUtcDate(purchase.settledAt, now)}`, reasonInWords(claim.reason))
}

/** Says why credits came back. */
export function giveBackInWords({ kind, purchase, claim }: Told, now: Date): string {
  if (kind === "refund") {
    // Shares of a payment with tax are rounded. Another refund may change which of them has the last billionth.
    if (claim.status !== "canceled" && claim.status !== "failed")
      return `Refund of ${formatShortUtcDate(claim.occurredAt, now)} · Rounding`
    const ended = claim.status === "canceled" ? "was cancelled" : "failed"
    return joined(
      `Refund of ${formatShortUtcDate(claim.occurredAt, now)} ${ended}`,
      wordsFor(FAILURES, claim.failureReason),
    )
  }
  const ended = claim.status === "won" ? "Dispute won" : "Less is disputed"
  return `${PAID[purchase.kind].alone} of ${formatShortUtcDate(purchase.settledAt, now)} · ${ended}`
}

const joined = (what: string, why: string | null) => (why ? `${what} · ${why}` : what)

function wordsFor(words: Record<string, string>, code: string | null): string | null {
  return code !== null && Object.hasOwn(words, code) ? (words[code] ?? null) : null
}
