import type { Db } from "@/lib/db/client"
import type { PoolMonth } from "./read-month"
import type { PaymentLine } from "./statement"

/** Lists the payments of a month and the money that went back, by pool. The few of them have an index by kind. */
export async function readPayments(
  db: Db,
  teamId: string,
  months: PoolMonth[],
): Promise<Map<number, PaymentLine[]>> {
  const rows = await db.$queryRaw<(PaymentLine & { poolNo: number })[]>`
    SELECT m.no AS "poolNo", e.seq, e.kind, e.occurred_at AS "occurredAt", e.amount_nanos AS "amountNanos",
      CASE WHEN e.kind IN ('purchase', 'auto_top_up') THEN coalesce(p.paid_nanos, p.captured_nanos) END AS "paidNanos",
      i.number AS "invoiceNumber", p.payment_intent_id AS "paymentId"
    FROM unnest(${months.map(({ poolNo }) => poolNo)}::integer[], ${months.map(({ after }) => after)}::bigint[],
      ${months.map(({ until }) => until)}::bigint[]) m (no, after, until)
    JOIN entries e ON e.team_id = ${teamId}::uuid AND e.pool_no = m.no AND e.seq > m.after AND e.seq <= m.until
      AND e.cause_id IS NOT NULL AND e.bucket = 'credits' AND e.kind <> 'consumption'
      AND e.kind IN ('purchase', 'auto_top_up', 'refund', 'dispute', 'dispute_reversal')
    LEFT JOIN clawbacks c ON c.team_id = e.team_id AND c.id = e.cause_id
    LEFT JOIN purchases p ON p.team_id = e.team_id AND p.id = coalesce(c.purchase_id, e.cause_id)
    LEFT JOIN LATERAL (
      SELECT n.number FROM invoices n WHERE n.team_id = p.team_id AND n.purchase_id = p.id AND n.status = 'paid'
      ORDER BY n.created_at, n.id LIMIT 1
    ) i ON true
    ORDER BY m.no, e.seq`
  const payments = new Map<number, PaymentLine[]>()
  for (const { poolNo, ...line } of rows) payments.set(poolNo, [...(payments.get(poolNo) ?? []), line])
  return payments
}
