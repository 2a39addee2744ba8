import type { Db } from "@/lib/db/client"

/** What we hold of a payment: its purchase, and what its ledger entry says. */
export type Recorded = {
  teamId: string
  purchaseId: string
  paymentIntentId: string
  capturedNanos: bigint
  entryNanos: bigint | null
}

export type Parked = { reason: string; isResolved: boolean }

/** A payment, and the team that it is of as far as anybody knows. */
type Asked = { teamId: string | null; paymentIntentId: string }

/** What we hold of a page of payments, by the payment's id, in one query. */
export async function findRecorded(db: Db, asked: Asked[]): Promise<Map<string, Recorded>> {
  const known = asked.filter(({ teamId }) => teamId !== null)
  if (known.length === 0) return new Map()
  const rows = await db.$queryRaw<Recorded[]>`
    SELECT p.team_id AS "teamId", p.id AS "purchaseId", p.payment_intent_id AS "paymentIntentId",
      p.captured_nanos AS "capturedNanos", e.amount_nanos AS "entryNanos"
    FROM unnest(${known.map(({ teamId }) => teamId)}::uuid[], ${known.map(({ paymentIntentId }) => paymentIntentId)}::text[])
      AS asked (team_id, payment_intent_id)
    JOIN purchases p ON p.team_id = asked.team_id AND p.payment_intent_id = asked.payment_intent_id
      AND p.status = 'succeeded'
    LEFT JOIN entries e ON e.team_id = p.team_id AND e.cause_id = p.id AND e.bucket = 'credits'
      AND e.kind = CASE p.kind WHEN 'one_time' THEN 'purchase'::entry_kind ELSE 'auto_top_up'::entry_kind END`
  return new Map(rows.map((row) => [row.paymentIntentId, row]))
}

/** Which of the payments are kept for a person's decision, by the payment's id. */
export async function findParked(db: Db, paymentIntentIds: string[]): Promise<Map<string, Parked>> {
  if (paymentIntentIds.length === 0) return new Map()
  const rows = await db.parkedPayment.findMany({ where: { paymentIntentId: { in: paymentIntentIds } } })
  return new Map(
    rows.map(({ paymentIntentId, reason, resolvedAt }) => [
      paymentIntentId,
      { reason, isResolved: resolvedAt !== null },
    ]),
  )
}

/** Whose the customers are, by the customer's id. */
export async function findTeams(db: Db, customerIds: string[]): Promise<Map<string, string>> {
  const rows = await db.stripeCustomer.findMany({
    where: { id: { in: [...new Set(customerIds)] } },
    select: { id: true, teamId: true },
  })
  return new Map(rows.map(({ id, teamId }) => [id, teamId]))
}
