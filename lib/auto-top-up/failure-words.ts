/** Why a charge failed, as people say it. Ends a sentence that begins with who declined it. */
const WORDS: Record<string, string> = {
  insufficient_funds: "Your bank declined the charge: insufficient funds.",
  card_velocity_exceeded: "Your bank declined the charge: the card’s limit is reached.",
  withdrawal_count_limit_exceeded: "Your bank declined the charge: the card’s limit is reached.",
  expired_card: "The card has expired.",
  lost_card: "Your bank declined the charge.",
  stolen_card: "Your bank declined the charge.",
  incorrect_cvc: "Your bank declined the charge: the security code doesn’t match.",
  incorrect_number: "Your bank declined the charge: the card number isn’t right.",
  card_not_supported: "Your bank declined the charge: the card doesn’t allow this kind of payment.",
  currency_not_supported: "Your bank declined the charge: the card can’t pay in US dollars.",
  processing_error: "Your bank couldn’t process the charge.",
  issuer_not_available: "Your bank couldn’t be reached.",
  try_again_later: "Your bank couldn’t process the charge.",
  reenter_transaction: "Your bank couldn’t process the charge.",
  do_not_honor: "Your bank declined the charge without saying why.",
  generic_decline: "Your bank declined the charge without saying why.",
  authentication_expired: "Your bank wanted a confirmation, and nobody gave it within a day.",
  payment_method_missing: "The payment method was removed before it was charged.",
  customer_missing: "Stripe no longer knows this customer.",
  canceled: "The payment was cancelled in Stripe.",
}

/** The sentence for a failure code of Stripe or of our own. What nobody foresaw is a decline. */
export function failureInWords(code: string): string {
  return WORDS[code] ?? "Your bank declined the charge."
}
