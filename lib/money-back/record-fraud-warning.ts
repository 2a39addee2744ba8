import { findTeamOfCustomer } from "@/lib/customers/find-team-of-customer"
import { alarm } from "@/lib/log"
import { ignoreForeign } from "@/lib/stripe/ignore-foreign"
import { requireAnswer } from "@/lib/stripe/outcome"
import { readFraudWarning } from "@/lib/stripe/read-fraud-warning"
import type { EventHandler } from "@/lib/stripe/received-event"

/**
 * Tells the operator that a card issuer reports a payment as fraud, while a refund may still prevent the dispute. No
 * credits move, because no money moved at Stripe. The team isn't told: the reader may be the suspect.
 */
export const recordFraudWarning: EventHandler = async ({ db }, { objectId }) => {
  const found = requireAnswer(await readFraudWarning(objectId))
  if (found.kind === "missing") throw new Error(`Stripe has no ${objectId}`)
  const { customerId, paymentIntentId, fraudType, isActionable } = found.warning
  const teamId = await findTeamOfCustomer(db, customerId)
  if (teamId === null) {
    ignoreForeign("early_fraud_warning", objectId)
    return "ignored"
  }
  const facts = { warning: objectId, payment: paymentIntentId, team: teamId }
  alarm("early_fraud_warning", { ...facts, type: fraudType, actionable: isActionable })
  return "processed"
}
