/** Each decline code in Stripe's list (docs.stripe.com/declines/codes), with its advice. */
const ADVICE = {
  authentication_not_handled: null,
  authentication_required: null,
  approve_with_id: "try_again_later",
  call_issuer: null,
  card_not_supported: null,
  card_velocity_exceeded: "try_again_later",
  currency_not_supported: null,
  do_not_honor: "try_again_later",
  do_not_try_again: "do_not_try_again",
  duplicate_transaction: null,
  expired_card: "confirm_card_data",
  fraudulent: "do_not_try_again",
  generic_decline: "try_again_later",
  incorrect_address: "confirm_card_data",
  incorrect_cvc: "confirm_card_data",
  incorrect_number: "confirm_card_data",
  incorrect_pin: "confirm_card_data",
  incorrect_zip: "confirm_card_data",
  insufficient_funds: "try_again_later",
  invalid_account: "do_not_try_again",
  invalid_amount: null,
  invalid_cvc: "confirm_card_data",
  invalid_expiry_month: "confirm_card_data",
  invalid_expiry_year: "confirm_card_data",
  invalid_number: "confirm_card_data",
  invalid_pin: "confirm_card_data",
  issuer_not_available: "try_again_later",
  lost_card: "do_not_try_again",
  merchant_blacklist: "do_not_try_again",
  mobile_device_authentication_required: null,
  new_account_information_available: "confirm_card_data",
  no_action_taken: "try_again_later",
  not_permitted: null,
  offline_pin_required: null,
  online_or_offline_pin_required: null,
  pickup_card: "do_not_try_again",
  pin_try_exceeded: null,
  processing_error: "try_again_later",
  reenter_transaction: "try_again_later",
  restricted_card: "do_not_try_again",
  revocation_of_all_authorizations: "do_not_try_again",
  revocation_of_authorization: "do_not_try_again",
  security_violation: "do_not_try_again",
  service_not_allowed: "do_not_try_again",
  stolen_card: "do_not_try_again",
  stop_payment_order: "do_not_try_again",
  test_mode_live_card: null,
  testmode_decline: null,
  transaction_not_allowed: "do_not_try_again",
  try_again_later: "try_again_later",
  withdrawal_count_limit_exceeded: null,
} as const

export type DeclineCode = keyof typeof ADVICE
export type AdviceCode = NonNullable<(typeof ADVICE)[DeclineCode]>

export const DECLINE_CODES = Object.keys(ADVICE) as [DeclineCode, ...DeclineCode[]]

export function adviceFor(code: DeclineCode): AdviceCode | null {
  return ADVICE[code]
}
