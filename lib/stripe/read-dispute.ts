import type Stripe from "stripe"
import { alarm } from "@/lib/log"
import { fromCents } from "./cents"
import { chargeOf, idOf } from "./charge-owner"
import { stripe } from "./client"
import { asReadOutcome, type Missing, type Unanswered } from "./outcome"

/** An inquiry takes no money. Open and lost have taken it, won has brought it back. */
export type DisputeStatus = "inquiry" | "open" | "won" | "lost"

/** A dispute as Stripe tells it. The customer of its charge says whose it is; metadata isn't even read. */
export type DisputeRead = {
  stripeDisputeId: string
  paymentIntentId: string | null
  customerId: string | null
  /** The disputed amount. Null unless it is in US dollars. */
  amountNanos: bigint | null
  status: DisputeStatus
  /** Stripe's code, such as `product_not_received`. */
  reason: string | null
  occurredAt: Date
}

export async function readDispute(
  stripeDisputeId: string,
): Promise<{ kind: "found"; dispute: DisputeRead } | Missing | Unanswered> {
  return asReadOutcome("read dispute", async () => {
    const dispute = await stripe().disputes.retrieve(stripeDisputeId, { expand: ["charge"] })
    return { kind: "found", dispute: toDisputeRead(dispute) }
  })
}

/** For lists of disputes. The charge must be expanded, because only it says whose the dispute is. */
export function toDisputeRead(dispute: Stripe.Dispute): DisputeRead {
  const charge = chargeOf(dispute.charge)
  return {
    stripeDisputeId: dispute.id,
    paymentIntentId: idOf(dispute.payment_intent) ?? charge.paymentIntentId,
    customerId: charge.customerId,
    amountNanos: dispute.currency === "usd" ? fromCents(dispute.amount) : null,
    status: toStatus(dispute),
    reason: dispute.reason,
    occurredAt: new Date(dispute.created * 1000),
  }
}

function toStatus(dispute: Stripe.Dispute): DisputeStatus {
  switch (dispute.status) {
    case "warning_needs_response":
    case "warning_under_review":
    case "warning_closed":
      return "inquiry"
    case "needs_response":
    case "under_review":
    case "appeal_needs_response":
    case "appeal_under_review":
      return "open"
    case "won":
      return "won"
    case "lost":
      return "lost"
    case "prevented":
      return hasTakenMoney(dispute) ? "lost" : "won"
    default:
      alarm("unknown_dispute_status", { status: dispute.status }, { dispute: dispute.id })
      return hasTakenMoney(dispute) ? "open" : "inquiry"
  }
}

/** Used where the status doesn't tell: what the dispute withdrew from the balance and didn't put back, without fees. */
function hasTakenMoney({ balance_transactions: moves }: Stripe.Dispute): boolean {
  return moves.reduce((sum, { amount }) => sum + BigInt(amount), 0n) < 0n
}
