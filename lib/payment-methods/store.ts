import type { Tx } from "@/lib/db/client"

/** Returns the team's customer and locks it until the transaction ends, so that nobody replaces it meanwhile. */
export async function lockCurrentCustomer(tx: Tx, teamId: string): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM stripe_customers WHERE team_id = ${teamId}::uuid AND replaced_at IS NULL FOR NO KEY UPDATE`
  return row?.id ?? null
}

export type StoredPaymentMethod = Awaited<ReturnType<typeof lockPaymentMethods>>[number]

/** Returns the copy of the customer's payment methods. Nobody else relies on one of them until the transaction ends. */
export async function lockPaymentMethods(
  tx: Tx,
  { teamId, customerId }: { teamId: string; customerId: string },
) {
  await lockRows(tx, teamId)
  return tx.paymentMethod.findMany({ where: { teamId, customerId } })
}

/** Locks the copy, always in this order, so that two transactions don't deadlock. */
export async function lockRows(tx: Tx, teamId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM payment_methods WHERE team_id = ${teamId}::uuid ORDER BY id FOR UPDATE`
}
