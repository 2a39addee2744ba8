import type Stripe from "stripe"
import { InvoiceStatus, type Plan } from "@/lib/db/generated/enums"
import { fromPublicId } from "@/lib/ids"
import { stripe } from "./client"
import type { CustomerMissing } from "./gateway"
import { asOutcome, asReadOutcome, isMissing, type Missing, type Unanswered } from "./outcome"
import { planOfProduct } from "./plans"

export type FoundInvoice = {
  id: string
  customerId: string | null
  number: string | null
  isOfSubscription: boolean
  /** The purchase that it names, which must be looked up in the customer's team. */
  purchaseId: string | null
  plan: Plan | null
  /** In the currency's smallest unit. */
  amountMinor: bigint
  /** The part that the customer's credit has paid. */
  fromCreditMinor: bigint
  currency: string
  status: InvoiceStatus
  createdAt: Date
}

export async function readInvoice(
  id: string,
): Promise<{ kind: "found"; invoice: FoundInvoice } | Missing | Unanswered> {
  return asReadOutcome("read invoice", async () => ({
    kind: "found",
    invoice: toFoundInvoice(await stripe().invoices.retrieve(id)),
  }))
}

/** Returns the customer's newest invoices. */
export async function listInvoices(
  customer: string,
  limit: number,
): Promise<{ kind: "found"; invoices: FoundInvoice[] } | CustomerMissing | Unanswered> {
  return asOutcome("list invoices", async () => {
    try {
      const { data } = await stripe().invoices.list({ customer, limit })
      return { kind: "found", invoices: data.map(toFoundInvoice) }
    } catch (error) {
      if (isMissing(error)) return { kind: "customer_missing" }
      throw error
    }
  })
}

/** Returns the invoice that a payment paid, if any. */
export async function readInvoicePaidBy(
  paymentIntentId: string,
): Promise<{ kind: "found"; invoice: FoundInvoice } | Missing | Unanswered> {
  return asReadOutcome("read invoice of a payment", async () => {
    const { data } = await stripe().invoicePayments.list({
      payment: { type: "payment_intent", payment_intent: paymentIntentId },
      limit: 1,
    })
    const paid = data[0]?.invoice
    if (!paid) return { kind: "missing" }
    const id = typeof paid === "string" ? paid : paid.id
    return { kind: "found", invoice: toFoundInvoice(await stripe().invoices.retrieve(id)) }
  })
}

/**
 * Returns Stripe's page of the invoice, which anybody with the address can read for some weeks. Null for an invoice
 * that isn't final yet.
 */
export async function readInvoiceUrl(
  id: string,
): Promise<{ kind: "found"; url: string | null } | Missing | Unanswered> {
  return asReadOutcome("read invoice address", async () => {
    const { hosted_invoice_url } = await stripe().invoices.retrieve(id)
    return { kind: "found", url: hosted_invoice_url ?? null }
  })
}

export function toFoundInvoice(invoice: Stripe.Invoice): FoundInvoice {
  const { customer, metadata, parent } = invoice
  const named = metadata?.purchase_id
  return {
    id: invoice.id,
    customerId: typeof customer === "string" ? customer : (customer?.id ?? null),
    number: invoice.number,
    isOfSubscription: parent?.type === "subscription_details",
    purchaseId: named ? fromPublicId("pur", named) : null,
    plan: planOf(invoice),
    amountMinor: BigInt(invoice.total),
    fromCreditMinor: fromCredit(invoice),
    currency: invoice.currency,
    status: toStatus(invoice.status),
    createdAt: new Date(invoice.created * 1000),
  }
}

// A balance below zero is credit, and using it brings the balance nearer to zero. Null: not final yet.
function fromCredit({ total, starting_balance, ending_balance }: Stripe.Invoice): bigint {
  if (ending_balance === null) return 0n
  return BigInt(Math.max(0, Math.min(total, Math.min(ending_balance, 0) - Math.min(starting_balance, 0))))
}

/** Returns the plan that it charges for: on an invoice about a change, the new one. */
function planOf(invoice: Stripe.Invoice): Plan | null {
  const charged = invoice.lines.data.filter(({ amount }) => amount > 0)
  const product = charged.at(-1)?.pricing?.price_details?.product
  return product ? planOfProduct(product) : null
}

function toStatus(status: Stripe.Invoice["status"]): InvoiceStatus {
  const known = Object.values(InvoiceStatus).find((each) => each === status)
  if (!known) throw new Error(`An invoice has the status ${status}`)
  return known
}
