import type { Db, Tx } from "@/lib/db/client"
import type { CustomerDetails } from "@/lib/stripe/billing-details"
import type { TaxIdType } from "@/lib/stripe/tax-id-types"

/** A team's choices for its receipts and invoices. A field that wasn't given is null. */
export type BillingDetails = {
  email: string | null
  company: string | null
  line1: string | null
  line2: string | null
  city: string | null
  state: string | null
  postalCode: string | null
  country: string | null
  taxIdType: string | null
  taxIdValue: string | null
}

export const NO_DETAILS: BillingDetails = {
  email: null,
  company: null,
  line1: null,
  line2: null,
  city: null,
  state: null,
  postalCode: null,
  country: null,
  taxIdType: null,
  taxIdValue: null,
}

/** Returns a team's billing details. */
export async function getBillingDetails(db: Db | Tx, teamId: string): Promise<BillingDetails> {
  const row = await db.billingDetails.findUnique({ where: { teamId } })
  if (!row) return NO_DETAILS
  const { teamId: _team, updatedAt: _at, ...details } = row
  return details
}

/** Returns the address for a team's receipts and billing notices. Null where it has settled none. */
export async function getBillingEmail(db: Db | Tx, teamId: string): Promise<string | null> {
  const row = await db.billingDetails.findUnique({ where: { teamId }, select: { email: true } })
  return row?.email ?? null
}

/** The text on the team's customer at Stripe: of a team that has settled no details, its name alone. */
export type WantedDetails = CustomerDetails | { name: string }

/** Returns the text that the team's customer at Stripe is to have, by our rows as they are now. */
export async function getWantedDetails(db: Db | Tx, teamId: string): Promise<WantedDetails> {
  type Row = BillingDetails & { name: string; ownerEmail: string; hasDetails: boolean }
  const [row] = await db.$queryRaw<Row[]>`
    SELECT t.name, u.email AS "ownerEmail", d.team_id IS NOT NULL AS "hasDetails", d.email, d.company, d.line1, d.line2,
      d.city, d.state, d.postal_code AS "postalCode", d.country, d.tax_id_type AS "taxIdType",
      d.tax_id_value AS "taxIdValue"
    FROM teams t
    JOIN members m ON m.team_id = t.id AND m.role = 'OWNER' AND m.removed_at IS NULL JOIN users u ON u.id = m.user_id
    LEFT JOIN billing_details d ON d.team_id = t.id
    WHERE t.id = ${teamId}::uuid`
  if (!row) throw new Error("A team has an Owner")
  const { name, ownerEmail, hasDetails, ...details } = row
  return hasDetails ? toCustomerDetails(details, { name, email: ownerEmail }) : { name }
}

/** Returns the details as Stripe keeps them. `team` stands in for what wasn't given. */
function toCustomerDetails(details: BillingDetails, team: { name: string; email: string }): CustomerDetails {
  const { email, company, country, taxIdType, taxIdValue, ...address } = details
  const { line1, line2, city, state, postalCode } = address
  return {
    name: company ?? team.name,
    email: email ?? team.email,
    address: country === null ? null : { line1, line2, city, state, postalCode, country },
    taxId: taxIdType && taxIdValue ? { type: taxIdType as TaxIdType, value: taxIdValue } : null,
  }
}
