import type { Tx } from "@/lib/db/client"
import type { RefundRead } from "@/lib/stripe/read-refunds"

export type NewRefund = RefundRead & {
  teamId: string
  paymentIntentId: string
  purchaseId: string | null
  /** The subscription's invoice that the payment paid. Null if it paid none. */
  invoiceId: string | null
  amountNanos: bigint
  readNo: bigint
}

/** Records what was read of a refund. Writes nothing and returns false if a read that began later is recorded already. */
export async function saveRefund(tx: Tx, refund: NewRefund): Promise<boolean> {
  const saved = await tx.$executeRaw`
    INSERT INTO refunds AS r (team_id, stripe_refund_id, payment_intent_id, purchase_id, amount_nanos, status, reason,
      failure_reason, invoice_id, read_no, occurred_at)
    VALUES (${refund.teamId}::uuid, ${refund.stripeRefundId}, ${refund.paymentIntentId}, ${refund.purchaseId}::uuid,
      ${refund.amountNanos}, ${refund.status}::refund_status, ${refund.reason}, ${refund.failureReason}, ${refund.invoiceId},
      ${refund.readNo}, ${refund.occurredAt})
    ON CONFLICT (team_id, stripe_refund_id) DO UPDATE SET purchase_id = coalesce(r.purchase_id, excluded.purchase_id),
      invoice_id = coalesce(r.invoice_id, excluded.invoice_id), status = excluded.status, reason = excluded.reason, failure_reason = excluded.failure_reason, read_no = excluded.read_no
    WHERE r.read_no < excluded.read_no`
  return saved === 1
}
