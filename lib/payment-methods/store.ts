import type { Tx } from "@/lib/db/client"
import type { PaymentMethodsFound } from "@/lib/stripe/payment-methods"

type Copy = Pick<PaymentMethodsFound, "defaultId" | "creditNanos" | "methods"> & { customerId: string | null }

/** Makes the team's copy equal to what was read at Stripe. */
export async function writeCopy(
  tx: Tx,
  teamId: string,
  { customerId, defaultId, creditNanos, methods }: Copy,
): Promise<void> {
  await lockRows(tx, teamId)
  const ids = methods.map(({ id }) => id)
  await tx.paymentMethod.deleteMany({ where: { teamId, id: { notIn: ids } } })
  // There are never two, because the index that allows one default checks each row as it is written.
  await tx.paymentMethod.updateMany({ where: { teamId, isDefault: true }, data: { isDefault: false } })
  if (customerId === null) return
  await tx.stripeCustomer.update({ where: { id: customerId }, data: { creditNanos } })
  for (const { id, type, card, fingerprint, label, createdAt } of methods) {
    const row = {
      customerId,
      type,
      brand: card?.brand ?? null,
      last4: card?.last4 ?? null,
      expMonth: card?.expMonth ?? null,
      expYear: card?.expYear ?? null,
      fingerprint,
      label,
      isDefault: id === defaultId,
      createdAt,
    }
    await tx.paymentMethod.upsert({
      where: { teamId_id: { teamId, id } },
      create: { teamId, id, ...row },
      update: row,
    })
  }
}

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

// Always in this order, so that two transactions don't deadlock.
async function lockRows(tx: Tx, teamId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM payment_methods WHERE team_id = ${teamId}::uuid ORDER BY id FOR UPDATE`
}
