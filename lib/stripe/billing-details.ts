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

type TaxId = NonNullable<CustomerDetails["taxId"]>

/** Adds a tax id to a customer that lacks it, which has Stripe judge it. A repeated call adds nothing. */
export async function addTaxId(
  customerId: string,
  taxId: TaxId,
): Promise<{ kind: "added" } | TaxIdRefused | CustomerMissing | Unanswered> {
  return asOutcome("add a tax id", async () => {
    try {
      const present = await listTaxIds(customerId)
      if (!present.some(sameAs(taxId))) await stripe().customers.createTaxId(customerId, taxId)
      return { kind: "added" } as const
    } catch (error) {
      if (isTaxIdRefused(error)) return { kind: "tax_id_refused" } as const
      if (isMissing(error)) return { kind: "customer_missing" } as const
      throw error
    }
  })
}

/**
 * Writes what invoices and receipts say about a customer. The tax id comes first, because it is what Stripe may refuse;
 * others are deleted last. A repeated call leaves the same, and so do several at once.
 */
export async function saveCustomerDetails(
  customerId: string,
  details: CustomerDetails,
): Promise<{ kind: "saved" } | TaxIdRefused | CustomerMissing | Unanswered> {
  if (details.taxId) {
    const outcome = await addTaxId(customerId, details.taxId)
    if (outcome.kind !== "added") return outcome
  }
  return updateCustomer(customerId, customerParams(details), () => deleteTaxIdsBut(customerId, details.taxId))
}

/** Gives a customer another name, and leaves the rest. */
export async function renameCustomer(
  customerId: string,
  name: string,
): Promise<{ kind: "saved" } | CustomerMissing | Unanswered> {
  return updateCustomer(customerId, { name })
}

async function updateCustomer(
  customerId: string,
  params: Stripe.CustomerUpdateParams,
  afterwards?: () => Promise<void>,
): Promise<{ kind: "saved" } | CustomerMissing | Unanswered> {
  return asOutcome("save customer details", async () => {
    try {
      await stripe().customers.update(customerId, params)
      await afterwards?.()
      return { kind: "saved" } as const
    } catch (error) {
      if (isMissing(error)) return { kind: "customer_missing" } as const
      throw error
    }
  })
}

/** Of two equal ones, which two calls at once may have added, both keep the older. */
async function deleteTaxIdsBut(customerId: string, taxId: TaxId | null): Promise<void> {
  const present = await listTaxIds(customerId)
  const kept = taxId && present.findLast(sameAs(taxId))
  for (const { id } of present)
    if (id !== kept?.id)
      await stripe()
        .customers.deleteTaxId(customerId, id)
        .catch((error: unknown) => {
          // Somebody else has deleted it.
          if (!isMissing(error)) throw error
        })
}

/** Newest first. */
async function listTaxIds(customerId: string): Promise<Stripe.TaxId[]> {
  return (await stripe().customers.listTaxIds(customerId, { limit: 100 })).data
}

const sameAs = (taxId: TaxId) => (each: Stripe.TaxId) =>
  each.type === taxId.type && each.value === taxId.value

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
