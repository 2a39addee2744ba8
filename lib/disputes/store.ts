import type { Tx } from "@/lib/db/client"
import type { DisputeRead } from "@/lib/stripe/read-dispute"

export type NewDispute = DisputeRead & {
  teamId: string
  paymentIntentId: string
  purchaseId: string | null
  amountNanos: bigint
  readNo: bigint
}

/** Writes down what was read of a dispute. False, and nothing written, if a read that began later was written before. */
export async function saveDispute(tx: Tx, dispute: NewDispute): Promise<boolean> {
  const saved = await tx.$executeRaw`
    INSERT INTO disputes AS d (team_id, stripe_dispute_id, payment_intent_id, purchase_id, amount_nanos, status, reason,
      read_no, occurred_at)
    VALUES (${dispute.teamId}::uuid, ${dispute.stripeDisputeId}, ${dispute.paymentIntentId}, ${dispute.purchaseId}::uuid,
      ${dispute.amountNanos}, ${dispute.status}::dispute_status, ${dispute.reason}, ${dispute.readNo}, ${dispute.occurredAt})
    ON CONFLICT (team_id, stripe_dispute_id) DO UPDATE SET purchase_id = coalesce(d.purchase_id, excluded.purchase_id),
      amount_nanos = excluded.amount_nanos, status = excluded.status, reason = excluded.reason, read_no = excluded.read_no
    WHERE d.read_no < excluded.read_no`
  return saved === 1
}
