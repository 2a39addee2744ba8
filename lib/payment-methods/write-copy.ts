import type { Tx } from "@/lib/db/client"
import type { PaymentMethodsFound } from "@/lib/stripe/payment-methods"
import { lockRows } from "./store"

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
