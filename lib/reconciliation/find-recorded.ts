import type { Db } from "@/lib/db/client"

/** Our record of a payment: its purchase, and its ledger entry's amount. */
export type Recorded = {
  teamId: string
  purchaseId: string
  paymentIntentId: string
  capturedNanos: bigint
  /** The total that Stripe captured, with tax. */
  paidNanos: bigint
  entryNanos: bigint | null
}

export type Parked = { reason: string; isResolved: boolean }

/** A payment and its team, as far as anybody knows. */
type Asked = { teamId: string | null; paymentIntentId: string }

/** Returns our records of a page of payments, by the payment's id, in one query. */
export async function findRecorded(db: Db, asked: Asked[]): Promise<Map<string, Recorded>> {
  const known = asked.filter(({ teamId }) => teamId !== null)
  if (known.length === 0) return new Map()
  const rows = await db.$queryRaw<Recorded[]>`
    SELECT p.team_id AS "teamId", p.id AS "purchaseId", p.payment_intent_id AS "paymentIntentId",
      p.captured_nanos AS "capturedNanos", coalesce(p.paid_nanos, p.captured_nanos) AS "paidNanos", e.amount_nanos AS "entryNanos"
    FROM unnest(${known.map(({ teamId }) => teamId)}::uuid[], ${known.map(({ paymentIntentId }) => paymentIntentId)}::text[])
      AS asked (team_id, payment_intent_id)
    JOIN purchases p ON p.team_id = asked.team_id AND p.payment_intent_id = asked.payment_intent_id
      AND p.status = 'succeeded'
    LEFT JOIN entries e ON e.team_id = p.team_id AND e.cause_id = p.id AND e.bucket = 'credits'
      AND e.kind = CASE p.kind WHEN 'one_time' THEN 'purchase'::entry_kind ELSE 'auto_top_up'::entry_kind END`
  return new Map(rows.map((row) => [row.paymentIntentId, row]))
}

/** Returns those payments that are kept for a person's decision, by the payment's id. */
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

/** Returns the customers' teams, by the customer's id. */
export async function findTeams(db: Db, customerIds: string[]): Promise<Map<string, string>> {
  const rows = await db.stripeCustomer.findMany({
    where: { id: { in: [...new Set(customerIds)] } },
    select: { id: true, teamId: true },
  })
  return new Map(rows.map(({ id, teamId }) => [id, teamId]))
}

/** Our record of a refund or dispute. */
export type HeldClaim = {
  amountNanos: bigint
  status: string
  /** It is bound to its purchase, if there is one. */
  hasFoundPurchase: boolean
}

type ClaimRow = HeldClaim & { objectId: string }

export async function findHeldRefunds(
  db: Db,
  asked: { teamId: string; objectId: string }[],
): Promise<Map<string, HeldClaim>> {
  if (asked.length === 0) return new Map()
  const rows = await db.$queryRaw<ClaimRow[]>`
    SELECT r.stripe_refund_id AS "objectId", r.amount_nanos AS "amountNanos", r.status::text,
      r.purchase_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM purchases p WHERE p.team_id = r.team_id
        AND p.payment_intent_id = r.payment_intent_id AND p.status = 'succeeded') AS "hasFoundPurchase"
    FROM unnest(${asked.map(({ teamId }) => teamId)}::uuid[], ${asked.map(({ objectId }) => objectId)}::text[])
      AS asked (team_id, object_id)
    JOIN refunds r ON r.team_id = asked.team_id AND r.stripe_refund_id = asked.object_id`
  return new Map(rows.map((row) => [row.objectId, row]))
}

export async function findHeldDisputes(
  db: Db,
  asked: { teamId: string; objectId: string }[],
): Promise<Map<string, HeldClaim>> {
  if (asked.length === 0) return new Map()
  const rows = await db.$queryRaw<ClaimRow[]>`
    SELECT d.stripe_dispute_id AS "objectId", d.amount_nanos AS "amountNanos", d.status::text,
      d.purchase_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM purchases p WHERE p.team_id = d.team_id
        AND p.payment_intent_id = d.payment_intent_id AND p.status = 'succeeded') AS "hasFoundPurchase"
    FROM unnest(${asked.map(({ teamId }) => teamId)}::uuid[], ${asked.map(({ objectId }) => objectId)}::text[])
      AS asked (team_id, object_id)
    JOIN disputes d ON d.team_id = asked.team_id AND d.stripe_dispute_id = asked.object_id`
  return new Map(rows.map((row) => [row.objectId, row]))
}

const UNSETTLED_AT_ONCE = 500

/** Lists refunds and disputes that may still change and that the run hasn't seen, oldest first. */
export function listUnsettledClaims(
  db: Db,
  { id: runId, teamId }: { id: string; teamId: string | null },
): Promise<{ kind: "refund" | "dispute"; teamId: string; objectId: string }[]> {
  return db.$queryRaw`
    WITH unsettled AS (
      SELECT 'refund' AS kind, team_id, stripe_refund_id AS object_id, occurred_at FROM refunds
      WHERE status IN ('pending', 'requires_action')
      UNION ALL
      SELECT 'dispute', team_id, stripe_dispute_id, occurred_at FROM disputes WHERE status IN ('open', 'inquiry')
    )
    SELECT kind, team_id AS "teamId", object_id AS "objectId" FROM unsettled u
    WHERE (${teamId}::uuid IS NULL OR team_id = ${teamId}::uuid)
      AND NOT EXISTS (SELECT 1 FROM reconciliation_seen s WHERE s.team_id = u.team_id
        AND s.run_id = ${runId}::uuid AND s.object_id = u.object_id)
    ORDER BY occurred_at LIMIT ${UNSETTLED_AT_ONCE}`
}
