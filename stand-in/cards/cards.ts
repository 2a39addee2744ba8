import type { DeclineCode } from "./decline-codes"

/** Why a charge is refused, in Stripe's words. */
export interface Decline {
  code: string
  declineCode: DeclineCode
  message: string
}

export interface TestCard {
  number: string
  /** Stripe's published test ids for it. `pm_card_…` and `tok_…` share the ending. */
  names: string[]
  brand: "visa" | "mastercard" | "amex" | "discover" | "diners" | "jcb" | "unionpay"
  funding: "credit" | "debit"
  decline?: Decline
  /** Declines only once it belongs to a customer. */
  attaches?: boolean
  authentication?: "always" | "until_saved"
  /** Comes a moment after the payment. */
  aftermath?: "fraud_dispute" | "not_received_dispute" | "inquiry" | "fraud_warning"
  refund?: "fails" | "pending"
}

const MESSAGES: Partial<Record<DeclineCode, string>> = {
  authentication_required: "Your card was declined. This transaction requires authentication.",
  expired_card: "Your card has expired.",
  incorrect_cvc: "Your card's security code is incorrect.",
  insufficient_funds: "Your card has insufficient funds.",
  processing_error: "An error occurred while processing your card. Try again in a little bit.",
  card_velocity_exceeded:
    "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
}

const OWN_ERROR_CODES: DeclineCode[] = [
  "authentication_required",
  "expired_card",
  "incorrect_address",
  "incorrect_cvc",
  "incorrect_number",
  "incorrect_zip",
  "invalid_cvc",
  "invalid_expiry_month",
  "invalid_expiry_year",
  "invalid_number",
  "processing_error",
]

/** Some decline codes are error codes themselves. All others come as `card_declined`. */
export function declineFor(declineCode: DeclineCode): Decline {
  return {
    code: OWN_ERROR_CODES.includes(declineCode) ? declineCode : "card_declined",
    declineCode,
    message: MESSAGES[declineCode] ?? "Your card was declined.",
  }
}

function visa(number: string, names: string[], more: Partial<TestCard> = {}): TestCard {
  return { number, names, brand: "visa", funding: "credit", ...more }
}

export const TEST_CARDS: TestCard[] = [
  visa("4242424242424242", ["visa"]),
  visa("4000056655665556", ["visa_debit"], { funding: "debit" }),
  { number: "5555555555554444", names: ["mastercard"], brand: "mastercard", funding: "credit" },
  { number: "5200828282828210", names: ["mastercard_debit"], brand: "mastercard", funding: "debit" },
  { number: "378282246310005", names: ["amex"], brand: "amex", funding: "credit" },
  { number: "6011111111111117", names: ["discover"], brand: "discover", funding: "credit" },
  { number: "3056930009020004", names: ["diners"], brand: "diners", funding: "credit" },
  { number: "3566002020360505", names: ["jcb"], brand: "jcb", funding: "credit" },
  { number: "6200000000000005", names: ["unionpay"], brand: "unionpay", funding: "credit" },
  visa("4000000000000002", ["visa_chargeDeclined", "chargeDeclined"], {
    decline: declineFor("generic_decline"),
  }),
  visa("4000000000009995", ["visa_chargeDeclinedInsufficientFunds", "chargeDeclinedInsufficientFunds"], {
    decline: declineFor("insufficient_funds"),
  }),
  visa("4000000000009987", ["visa_chargeDeclinedLostCard"], { decline: declineFor("lost_card") }),
  visa("4000000000009979", ["visa_chargeDeclinedStolenCard"], { decline: declineFor("stolen_card") }),
  visa("4000000000006975", ["visa_chargeDeclinedVelocityLimitExceeded"], {
    decline: declineFor("card_velocity_exceeded"),
  }),
  visa("4000000000000069", ["chargeDeclinedExpiredCard"], { decline: declineFor("expired_card") }),
  visa("4000000000000127", ["chargeDeclinedIncorrectCvc"], { decline: declineFor("incorrect_cvc") }),
  visa("4000000000000119", ["chargeDeclinedProcessingError"], { decline: declineFor("processing_error") }),
  visa("4000000000000341", ["chargeCustomerFail"], {
    decline: declineFor("generic_decline"),
    attaches: true,
  }),
  visa("4000002760003184", ["authenticationRequired"], { authentication: "always" }),
  visa("4000000000003220", ["threeDSecure2Required"], { authentication: "always" }),
  visa("4000002500003155", ["authenticationRequiredOnSetup"], { authentication: "until_saved" }),
  visa("4000008260003178", ["authenticationRequiredChargeDeclinedInsufficientFunds"], {
    authentication: "always",
    decline: declineFor("insufficient_funds"),
    attaches: true,
  }),
  visa("4000000000000259", ["createDispute"], { aftermath: "fraud_dispute" }),
  visa("4000000000002685", ["createDisputeProductNotReceived"], { aftermath: "not_received_dispute" }),
  visa("4000000000001976", ["createDisputeInquiry"], { aftermath: "inquiry" }),
  visa("4000000000005423", ["createIssuerFraudRecord"], { aftermath: "fraud_warning" }),
  visa("4000000000005126", ["refundFail"], { refund: "fails" }),
  visa("4000000000007726", ["pendingRefund"], { refund: "pending" }),
]

export function cardByNumber(number: string): TestCard | undefined {
  return TEST_CARDS.find((card) => card.number === number)
}

/** Finds the card of a published test id such as `pm_card_visa` or `tok_visa`. */
export function cardByTestId(id: string): TestCard | undefined {
  const name = id.replace(/^(pm_card|tok)_/, "")
  return name === id ? undefined : TEST_CARDS.find((card) => card.names.includes(name))
}
