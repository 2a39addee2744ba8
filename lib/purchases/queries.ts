import type { Db } from "@/lib/db/client"
import { Prisma } from "@/lib/db/generated/client"
import type { Read } from "@/lib/db/read-together"

export type UnsettledPayments = {
  /** Payments of the pool that were made but not yet captured, newest first. */
  processing: { id: string; amountNanos: bigint; createdAt: Date }[]
  /** The number of the team's payments that wait for a person's decision. */
  parked: number
}

const PROCESSING_SHOWN = 5

type UnsettledRow = { parked: number; id: string | null; amountNanos: string; createdAt: string }

/** Reads the payments that are in no balance yet. */
export const unsettledPaymentsRead = (pool: { teamId: string; id: string }): Read<UnsettledPayments> => ({
  rows: Prisma.sql`
    SELECT t.parked, p.id, p.amount_nanos::text AS "amountNanos", p.created_at AS "createdAt"
    FROM (SELECT count(*)::integer AS parked FROM parked_payments WHERE team_id = ${pool.teamId}::uuid AND resolved_at IS NULL) t
    LEFT JOIN purchases p ON p.team_id = ${pool.teamId}::uuid AND p.pool_id = ${pool.id}::uuid AND p.status = 'processing'
    ORDER BY p.created_at DESC LIMIT ${PROCESSING_SHOWN}`,
  toValue: (rows: UnsettledRow[]) => ({
    parked: rows[0]?.parked ?? 0,
    processing: rows.flatMap(({ id, amountNanos, createdAt }) =>
      id ? [{ id, amountNanos: BigInt(amountNanos), createdAt: new Date(createdAt) }] : [],
    ),
  }),
})

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
