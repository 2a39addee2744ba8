import type Stripe from "stripe"
import { alarm } from "@/lib/log"
import { fromCents } from "./cents"
import { chargeOf, idOf } from "./charge-owner"
import { stripe } from "./client"
import { asReadOutcome, type Missing, type Unanswered } from "./outcome"

export type RefundStatus = "requires_action" | "pending" | "succeeded" | "failed" | "canceled"

/** A refund as Stripe tells it. Its customer says whose it is; metadata isn't even read. */
export type RefundRead = {
  stripeRefundId: string
  paymentIntentId: string | null
  customerId: string | null
  /** Null unless it is in US dollars. */
  amountNanos: bigint | null
  status: RefundStatus
  /** Stripe's codes, such as `requested_by_customer` and `lost_or_stolen_card`. */
  reason: string | null
  failureReason: string | null
  occurredAt: Date
}

export async function readRefund(
  stripeRefundId: string,
): Promise<{ kind: "found"; refund: RefundRead } | Missing | Unanswered> {
  return asReadOutcome("read refund", async () => {
    const refund = await stripe().refunds.retrieve(stripeRefundId, { expand: ["charge"] })
    return { kind: "found", refund: toRefundRead(refund) }
  })
}

/** Returns every refund of a charge or of a payment, however many pages they fill. */
export async function readRefundsOf(
  of: { charge: string } | { payment_intent: string },
): Promise<{ kind: "found"; refunds: RefundRead[] } | Missing | Unanswered> {
  return asReadOutcome("list refunds", async () => {
    const refunds: RefundRead[] = []
    for await (const refund of stripe().refunds.list({ ...of, limit: 100, expand: ["data.charge"] }))
      refunds.push(toRefundRead(refund))
    return { kind: "found", refunds }
  })
}

/** For lists of refunds, with the charge expanded, because only it may say whose the refund is. */
export function toRefundRead(refund: Stripe.Refund): RefundRead {
  const charge = chargeOf(refund.charge)
  return {
    stripeRefundId: refund.id,
    paymentIntentId: idOf(refund.payment_intent) ?? charge.paymentIntentId,
    customerId: idOf(refund.customer) ?? charge.customerId,
    amountNanos: refund.currency === "usd" ? fromCents(refund.amount) : null,
    status: toStatus(refund),
    reason: refund.reason,
    failureReason: refund.failure_reason ?? null,
    occurredAt: new Date(refund.created * 1000),
  }
}

function toStatus({ id, status }: Stripe.Refund): RefundStatus {
  switch (status) {
    case "requires_action":
    case "pending":
    case "succeeded":
    case "failed":
    case "canceled":
      return status
    default:
      // Promised money counts as gone until Stripe says that it isn't.
      alarm("unknown_refund_status", { status }, { refund: id })
      return "pending"
  }
}
