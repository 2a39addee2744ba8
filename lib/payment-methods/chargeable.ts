/**
 * Stripe's types that can be saved once and charged later in US dollars without the customer present. Others either
 * need the customer each time (Alipay, Affirm) or pay only in their own currency (SEPA, Bacs).
 */
const CHARGED_LATER = new Set([
  "acss_debit",
  "amazon_pay",
  "card",
  "cashapp",
  "link",
  "paypal",
  "us_bank_account",
])

/** Whether a plan and auto top-up can charge it. If not, it can't be the default. */
export function canBeChargedLater({ type }: { type: string }): boolean {
  return CHARGED_LATER.has(type)
}
