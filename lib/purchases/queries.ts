import type { Db } from "@/lib/db/client"

export type UnsettledPayments = {
  /** Payments of the pool that were made but not yet captured, newest first. */
  processing: { id: string; amountNanos: bigint; createdAt: Date }[]
  /** The number of the team's payments that wait for a person's decision. */
  parked: number
}

const PROCESSING_SHOWN = 5

/** Returns the payments that are in no balance yet. */
export async function getUnsettledPayments(
  db: Db,
  pool: { teamId: string; id: string },
): Promise<UnsettledPayments> {
  const rows = await db.$queryRaw<
    { parked: number; id: string | null; amountNanos: bigint; createdAt: Date }[]
  >`
    SELECT t.parked, p.id, p.amount_nanos AS "amountNanos", p.created_at AS "createdAt"
    FROM (SELECT count(*)::integer AS parked FROM parked_payments WHERE team_id = ${pool.teamId}::uuid AND resolved_at IS NULL) t
    LEFT JOIN purchases p ON p.team_id = ${pool.teamId}::uuid AND p.pool_id = ${pool.id}::uuid AND p.status = 'processing'
    ORDER BY p.created_at DESC LIMIT ${PROCESSING_SHOWN}`
  return {
    parked: rows[0]?.parked ?? 0,
    processing: rows.flatMap(({ id, amountNanos, createdAt }) =>
      id ? [{ id, amountNanos, createdAt }] : [],
    ),
  }
}

/** Returns Stripe's receipts of the given purchases, by purchase id. */
export async function getReceipts(
  db: Db,
  teamId: string,
  purchaseIds: string[],
): Promise<Map<string, string>> {
  if (purchaseIds.length === 0) return new Map()
  const rows = await db.purchase.findMany({
    where: { teamId, id: { in: purchaseIds }, receiptUrl: { not: null } },
    select: { id: true, receiptUrl: true },
  })
  return new Map(rows.flatMap(({ id, receiptUrl }) => (receiptUrl ? [[id, receiptUrl] as const] : [])))
}

/** Returns the team's purchase to which a checkout session belongs, or null. The session's id may come from a URL. */
export async function getPurchaseOfSession(
  db: Db,
  teamId: string,
  checkoutSessionId: string,
): Promise<{ id: string; poolId: string } | null> {
  // The database throws at a text with a null byte.
  if (!/^cs_\w{1,255}$/.test(checkoutSessionId)) return null
  return db.purchase.findUnique({
    where: { teamId_checkoutSessionId: { teamId, checkoutSessionId } },
    select: { id: true, poolId: true },
  })
}
