import { chargeOf, idOf } from "./charge-owner"
import { stripe } from "./client"
import { asReadOutcome, type Missing, type Unanswered } from "./outcome"

/** A card issuer's notice that its cardholder reports a payment as fraud. */
export type FraudWarning = {
  paymentIntentId: string | null
  customerId: string | null
  /** Such as `made_with_stolen_card`. */
  fraudType: string
  /** A refund now would still prevent a dispute. */
  isActionable: boolean
}

export async function readFraudWarning(
  id: string,
): Promise<{ kind: "found"; warning: FraudWarning } | Missing | Unanswered> {
  return asReadOutcome("read early fraud warning", async () => {
    const warning = await stripe().radar.earlyFraudWarnings.retrieve(id, { expand: ["charge"] })
    const charge = chargeOf(warning.charge)
    return {
      kind: "found",
      warning: {
        paymentIntentId: idOf(warning.payment_intent) ?? charge.paymentIntentId,
        customerId: charge.customerId,
        fraudType: warning.fraud_type,
        isActionable: warning.actionable,
      },
    }
  })
}
