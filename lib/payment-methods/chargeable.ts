/**
 * Stripe's types that can be saved once and charged later in US dollars while nobody is there. Others either want a person
 * each time (Alipay, Affirm) or pay in their own currency only (SEPA, Bacs).
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

/** Whether a plan and auto top-up can charge it; if not it can't be the default. */
export function canBeChargedLater({ type }: { type: string }): boolean {
  return CHARGED_LATER.has(type)
}
