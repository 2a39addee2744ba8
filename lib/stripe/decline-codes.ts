/**
 * The meaning of a failed charge for the card. `final`: charging it again changes nothing until a person has acted.
 * `wait`: the same card may work later. `not_card`: the mistake is ours.
 */
export type ChargeFailure = { code: string; kind: "final" | "wait" | "not_card"; words: string }

/** Stripe's codes of a declined charge. `adviceCode` is the bank's advice, where it gives one. */
export type Decline = { code?: string; declineCode?: string; adviceCode?: string }

const DECLINED = "Your bank declined the charge."
const USE_ANOTHER = "Your bank declined the charge and won’t accept this card. Use another one."
const NOT_ALLOWED = "Your bank declined the charge: the card doesn’t allow this kind of payment."
const WRONG_DETAILS = "Your bank declined the charge: the card’s details don’t match. Add the card again."
const REVOKED = "Your bank declined the charge: the cardholder has stopped these payments."
const LIMIT_REACHED = "Your bank declined the charge: the card’s limit is reached."
const NOT_PROCESSED = "Your bank couldn’t process the charge."

/**
 * https://docs.stripe.com/declines/codes. A lost or stolen card isn't called that, because the reader may be the
 * thief.
 */
const FINAL: Record<string, string> = {
  lost_card: USE_ANOTHER,
  stolen_card: USE_ANOTHER,
  pickup_card: USE_ANOTHER,
  fraudulent: USE_ANOTHER,
  merchant_blacklist: USE_ANOTHER,
  restricted_card: USE_ANOTHER,
  security_violation: USE_ANOTHER,
  do_not_try_again: USE_ANOTHER,
  invalid_account: USE_ANOTHER,
  pin_try_exceeded: USE_ANOTHER,
  testmode_decline: USE_ANOTHER,
  test_mode_live_card: USE_ANOTHER,
  revocation_of_authorization: REVOKED,
  revocation_of_all_authorizations: REVOKED,
  stop_payment_order: REVOKED,
  debit_not_authorized: REVOKED,
  card_not_supported: NOT_ALLOWED,
  not_permitted: NOT_ALLOWED,
  service_not_allowed: NOT_ALLOWED,
  transaction_not_allowed: NOT_ALLOWED,
  currency_not_supported: "Your bank declined the charge: the card can’t pay in US dollars.",
  expired_card: "The card has expired.",
  incorrect_address: WRONG_DETAILS,
  incorrect_cvc: WRONG_DETAILS,
  incorrect_number: WRONG_DETAILS,
  incorrect_zip: WRONG_DETAILS,
  invalid_cvc: WRONG_DETAILS,
  invalid_expiry_month: WRONG_DETAILS,
  invalid_expiry_year: WRONG_DETAILS,
  invalid_number: WRONG_DETAILS,
  new_account_information_available: WRONG_DETAILS,
  incorrect_pin: NOT_ALLOWED,
  invalid_pin: NOT_ALLOWED,
  offline_pin_required: NOT_ALLOWED,
  online_or_offline_pin_required: NOT_ALLOWED,
}

const WAIT: Record<string, string> = {
  insufficient_funds: "Your bank declined the charge: insufficient funds.",
  card_velocity_exceeded: LIMIT_REACHED,
  withdrawal_count_limit_exceeded: LIMIT_REACHED,
  invalid_amount: "Your bank declined the charge: it doesn’t allow this amount.",
  duplicate_transaction: "Your bank declined the charge: it looked like one it had just seen.",
  issuer_not_available: "Your bank couldn’t be reached.",
  processing_error: NOT_PROCESSED,
  reenter_transaction: NOT_PROCESSED,
  try_again_later: NOT_PROCESSED,
  approve_with_id: NOT_PROCESSED,
  payment_method_provider_timeout: NOT_PROCESSED,
  authentication_required: "Your bank wanted a confirmation.",
  authentication_not_handled: "Your bank wanted a confirmation.",
  mobile_device_authentication_required: "Your bank wanted a confirmation.",
  call_issuer: "Your bank declined the charge without saying why.",
  do_not_honor: "Your bank declined the charge without saying why.",
  generic_decline: "Your bank declined the charge without saying why.",
  no_action_taken: "Your bank declined the charge without saying why.",
}

/** The bank's advice not to charge the same card with the same details again. */
const FINAL_ADVICE: Record<string, string> = {
  do_not_try_again: USE_ANOTHER,
  confirm_card_data: WRONG_DETAILS,
}

/**
 * Decides which of Stripe's two codes counts: a final one, whichever of the two it is, else the bank's own. An
 * unforeseen code is a decline that may pass.
 */
export function decideDecline({ code, declineCode, adviceCode }: Decline): ChargeFailure {
  const codes = [declineCode, code].filter((each) => each !== undefined)
  const named =
    codes.find((each) => wordsIn(FINAL, each) ?? wordsIn(WAIT, each)) ?? codes[0] ?? "card_declined"
  const final = codes.find((each) => wordsIn(FINAL, each))
  if (final) return { code: final, kind: "final", words: wordsIn(FINAL, final) ?? DECLINED }
  const advised = adviceCode && wordsIn(FINAL_ADVICE, adviceCode)
  if (advised) return { code: named, kind: "final", words: advised }
  return { code: named, kind: "wait", words: wordsIn(WAIT, named) ?? DECLINED }
}

function wordsIn(table: Record<string, string>, code: string): string | undefined {
  return Object.hasOwn(table, code) ? table[code] : undefined
}
