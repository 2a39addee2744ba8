import Stripe from "stripe"
import { stripe } from "./client"
import type { CustomerMissing } from "./gateway"
import { asOutcome, isMissing, type Unanswered } from "./outcome"
import type { TaxIdType } from "./tax-id-types"

export type CustomerDetails = {
  /** Stands on invoices. */
  name: string
  email: string
  /** Null: none. */
  address: {
    line1: string | null
    line2: string | null
    city: string | null
    state: string | null
    postalCode: string | null
    country: string
  } | null
  /** Null: none. */
  taxId: { type: TaxIdType; value: string } | null
}

/** Stripe finds that the tax id isn't one of its kind. Nothing was changed. */
export type TaxIdRefused = { kind: "tax_id_refused" }

/**
 * Writes what invoices and receipts say about a customer. The tax id comes first, because it is what Stripe may refuse;
 * former ones are deleted last. A repeated call leaves the same.
 */
export async function saveCustomerDetails(
  customerId: string,
  details: CustomerDetails,
): Promise<{ kind: "saved" } | TaxIdRefused | CustomerMissing | Unanswered> {
  return asOutcome("save customer details", async () => {
    try {
      const { data: present } = await stripe().customers.listTaxIds(customerId, { limit: 100 })
      const { taxId } = details
      const isWanted = (each: Stripe.TaxId) => each.type === taxId?.type && each.value === taxId.value
      if (taxId && !present.some(isWanted)) await stripe().customers.createTaxId(customerId, taxId)
      await stripe().customers.update(customerId, customerParams(details))
      for (const former of present)
        if (!isWanted(former)) await stripe().customers.deleteTaxId(customerId, former.id)
      return { kind: "saved" } as const
    } catch (error) {
      if (isTaxIdRefused(error)) return { kind: "tax_id_refused" } as const
      if (isMissing(error)) return { kind: "customer_missing" } as const
      throw error
    }
  })
}

function customerParams({ name, email, address }: CustomerDetails): Stripe.CustomerUpdateParams {
  if (!address) return { name, email, address: "" }
  const { line1, line2, city, state, postalCode, country } = address
  return {
    name,
    email,
    // Empty texts unset what was there before.
    address: {
      line1: line1 ?? "",
      line2: line2 ?? "",
      city: city ?? "",
      state: state ?? "",
      postal_code: postalCode ?? "",
      country,
    },
  }
}

function isTaxIdRefused(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "tax_id_invalid"
}
