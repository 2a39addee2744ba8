import type { Db } from "@/lib/db/client"

/** Payments of a pool that were made but not yet captured, newest first. */
export function listProcessingPurchases(
  db: Db,
  pool: { teamId: string; id: string },
): Promise<{ id: string; amountNanos: bigint; createdAt: Date }[]> {
  return db.purchase.findMany({
    where: { teamId: pool.teamId, poolId: pool.id, status: "processing" },
    select: { id: true, amountNanos: true, createdAt: true },
    orderBy: { createdAt: "desc" },
    take: 5,
  })
}

/** Stripe's receipts of the given purchases, by purchase id. */
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

/** The team's purchase that a checkout session belongs to, or null. The session's id may come from an address. */
export async function getPurchaseOfSession(
  db: Db,
  teamId: string,
  checkoutSessionId: string,
): Promise<{ id: string; poolId: string } | null> {
  // The database would throw at a text with a null byte.
  if (!/^cs_\w{1,255}$/.test(checkoutSessionId)) return null
  return db.purchase.findUnique({
    where: { teamId_checkoutSessionId: { teamId, checkoutSessionId } },
    select: { id: true, poolId: true },
  })
}

/** How many of the team's payments wait for a person's decision. */
export function countParkedPayments(db: Db, teamId: string): Promise<number> {
  return db.parkedPayment.count({ where: { teamId, resolvedAt: null } })
}
