import type { Db } from "@/lib/db/client"
import { Prisma } from "@/lib/db/generated/client"
import { type Read, readAlone } from "@/lib/db/read-together"
import { canBeChargedLater } from "./chargeable"
import { cardOf, decideExpiry, type Expiry } from "./expiry"
import { onePerCard } from "./one-per-card"
import { expiresOf, nameOf, spokenNameOf } from "./words"

export type PaymentMethod = {
  id: string
  /** `Visa •••• 4242` */
  name: string
  spokenName: string
  /** Null when it doesn't expire. */
  expires: { on: string; state: Expiry } | null
  fingerprint: string | null
  isDefault: boolean
  canBeDefault: boolean
}

/** Reads what the team can be charged with, from our copy: the default first, then the newest. One per card. */
export const paymentMethodsRead = (teamId: string, now: Date): Read<PaymentMethod[]> => ({
  rows: Prisma.sql`
    SELECT p.id, p.type, p.brand, p.last4, p.exp_month AS "expMonth", p.exp_year AS "expYear", p.fingerprint, p.label,
      p.is_default AS "isDefault", p.created_at AS "createdAt"
    FROM payment_methods p
    JOIN stripe_customers c ON c.team_id = p.team_id AND c.id = p.customer_id AND c.replaced_at IS NULL
    WHERE p.team_id = ${teamId}::uuid ORDER BY p.is_default DESC, p.created_at DESC, p.id DESC`,
  toValue: (rows: Row[]) => toMethods(rows, now),
})

export const listPaymentMethods = (db: Db, teamId: string, now: Date) =>
  readAlone(db, paymentMethodsRead(teamId, now))

/** Returns the payment method that pays for everything, or null. */
export async function getDefaultPaymentMethod(
  db: Db,
  teamId: string,
  now: Date,
): Promise<PaymentMethod | null> {
  return (await listPaymentMethods(db, teamId, now)).find(({ isDefault }) => isDefault) ?? null
}

type Row = {
  id: string
  type: string
  brand: string | null
  last4: string | null
  expMonth: number | null
  expYear: number | null
  fingerprint: string | null
  label: string | null
  isDefault: boolean
  createdAt: string
}

function toMethods(rows: Row[], now: Date): PaymentMethod[] {
  return onePerCard(rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }))).map((row) => {
    const card = cardOf(row)
    return {
      id: row.id,
      name: nameOf(row),
      spokenName: spokenNameOf(row),
      expires: card && { on: expiresOf(card), state: decideExpiry(card, now) },
      fingerprint: row.fingerprint,
      isDefault: row.isDefault,
      canBeDefault: canBeChargedLater(row),
    }
  })
}
