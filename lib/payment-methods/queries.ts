import { findStripeCustomer } from "@/lib/billing/stripe-customer"
import type { Db } from "@/lib/db/client"
import { canBeChargedLater } from "./chargeable"
import { decideExpiry, type Expiry } from "./expiry"
import { onePerCard } from "./one-per-card"
import { cardOf } from "./store"
import { expiresOf, nameOf, spokenNameOf } from "./words"

export type PaymentMethod = {
  id: string
  /** `Visa •••• 4242` */
  name: string
  spokenName: string
  /** Null for what doesn't expire. */
  expires: { on: string; state: Expiry } | null
  fingerprint: string | null
  isDefault: boolean
  canBeDefault: boolean
}

/** What the team can be charged with, from our copy: the default first, then the newest. One of each card. */
export async function listPaymentMethods(db: Db, teamId: string, now: Date): Promise<PaymentMethod[]> {
  return onePerCard(await findRows(db, teamId)).map(({ card, ...row }) => ({
    id: row.id,
    name: nameOf(row),
    spokenName: spokenNameOf(row),
    expires: card && { on: expiresOf(card), state: decideExpiry(card, now) },
    fingerprint: row.fingerprint,
    isDefault: row.isDefault,
    canBeDefault: canBeChargedLater(row),
  }))
}

/** The payment method that everything is paid with, or null. */
export async function getDefaultPaymentMethod(
  db: Db,
  teamId: string,
  now: Date,
): Promise<PaymentMethod | null> {
  return (await listPaymentMethods(db, teamId, now)).find(({ isDefault }) => isDefault) ?? null
}

async function findRows(db: Db, teamId: string) {
  const customerId = await findStripeCustomer(db, teamId)
  if (customerId === null) return []
  const rows = await db.paymentMethod.findMany({
    where: { teamId, customerId },
    orderBy: [{ isDefault: "desc" }, { createdAt: "desc" }, { id: "desc" }],
  })
  return rows.map((row) => ({ ...row, card: cardOf(row) }))
}
