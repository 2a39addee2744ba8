import type { Tx } from "@/lib/db/client"
import type { DisputeRead } from "@/lib/stripe/read-dispute"

export type NewDispute = DisputeRead & {
  teamId: string
  paymentIntentId: string
  purchaseId: string | null
  /** The subscription's invoice that the payment paid. Null if it paid none. */
  invoiceId: string | null
  amountNanos: bigint
  readNo: bigint
}

/** Records what was read of a dispute. Writes nothing and returns false if a read that began later is recorded already. */
export async function saveDispute(tx: Tx, dispute: NewDispute): Promise<boolean> {
  const saved = await tx.$executeRaw`
    INSERT INTO disputes AS d (team_id, stripe_dispute_id, payment_intent_id, purchase_id, amount_nanos, status, reason,
      invoice_id, read_no, occurred_at)
    VALUES (${dispute.teamId}::uuid, ${dispute.stripeDisputeId}, ${dispute.paymentIntentId}, ${dispute.purchaseId}::uuid,
      ${dispute.amountNanos}, ${dispute.status}::dispute_status, ${dispute.reason},
      ${dispute.invoiceId}, ${dispute.readNo}, ${dispute.occurredAt})
    ON CONFLICT (team_id, stripe_dispute_id) DO UPDATE SET purchase_id = coalesce(d.purchase_id, excluded.purchase_id),
      invoice_id = coalesce(d.invoice_id, excluded.invoice_id), amount_nanos = excluded.amount_nanos,
      status = excluded.status, reason = excluded.reason, read_no = excluded.read_no
    WHERE d.read_no < excluded.read_no`
  return saved === 1
}
