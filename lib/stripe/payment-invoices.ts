import type Stripe from "stripe"
import { toPublicId } from "@/lib/ids"
import { alarm } from "@/lib/log"
import { toCents } from "./cents"
import { stripe } from "./client"
import { type FoundInvoice, toFoundInvoice } from "./invoices"
import { asReadOutcome, type Missing, type Unanswered } from "./outcome"

export type PaidPurchase = {
  purchaseId: string
  customerId: string
  paymentIntentId: string
  amountNanos: bigint
  description: string
}

/** The customer has a balance at Stripe, which any invoice would use up or collect, so this payment gets none. */
type HasBalance = { kind: "has_balance" }

/**
 * Drafts the invoice of a payment that has succeeded. A repeated call returns the same draft for as long as Stripe
 * remembers the key; its id is known here by then. Missing: Stripe no longer has the customer.
 */
export async function draftPaymentInvoice({
  purchaseId,
  customerId,
  description,
}: PaidPurchase): Promise<{ kind: "found"; invoice: FoundInvoice } | HasBalance | Missing | Unanswered> {
  return asReadOutcome("draft the invoice of a payment", async () => {
    const balance = await readBalance(customerId)
    if (balance !== 0) return { kind: balance === null ? "missing" : "has_balance" }
    const purchase_id = toPublicId("pur", purchaseId)
    const invoice = await stripe().invoices.create(
      {
        customer: customerId,
        currency: "usd",
        // It is already paid: it never charges anything and gets no other items.
        auto_advance: false,
        collection_method: "charge_automatically",
        pending_invoice_items_behavior: "exclude",
        description,
        metadata: { purchase_id },
      },
      { idempotencyKey: `invoice_${purchase_id}` },
    )
    return { kind: "found", invoice: toFoundInvoice(invoice) }
  })
}

/**
 * Finalizes the draft and pays it with the existing payment, so that it charges nothing. Continues from wherever an
 * earlier try stopped. Missing: the draft or the customer is gone.
 */
export async function payInvoiceByPayment(
  invoiceId: string,
  purchase: PaidPurchase,
): Promise<{ kind: "invoiced" } | HasBalance | Missing | Unanswered> {
  return asReadOutcome("pay an invoice by a payment", async () => {
    const found = await stripe().invoices.retrieve(invoiceId)
    if (found.status === "draft" && (await readBalance(purchase.customerId)) !== 0) {
      await stripe().invoices.del(invoiceId)
      return { kind: "has_balance" }
    }
    const invoice = found.status === "draft" ? await finalize(found, purchase) : found
    if (invoice.status === "paid" && invoice.amount_paid > 0) return { kind: "invoiced" }
    // A balance appeared at the same moment. Voiding gives it back, unless it has paid for everything.
    if (invoice.amount_due !== toCents(purchase.amountNanos)) {
      if (invoice.status === "open") await stripe().invoices.voidInvoice(invoiceId)
      else if (invoice.status === "paid") alarm("credit_used_by_top_up_invoice", { invoice: invoiceId })
      return { kind: "has_balance" }
    }
    await stripe().invoices.attachPayment(invoiceId, { payment_intent: purchase.paymentIntentId })
    return { kind: "invoiced" }
  })
}

/** Below zero is credit. Null: the customer is gone. */
async function readBalance(customerId: string): Promise<number | null> {
  const customer = await stripe().customers.retrieve(customerId)
  return customer.deleted ? null : customer.balance
}

async function finalize(
  invoice: Stripe.Invoice,
  { customerId, amountNanos, description }: PaidPurchase,
): Promise<Stripe.Invoice> {
  if (invoice.lines.data.length === 0)
    await stripe().invoiceItems.create({
      customer: customerId,
      invoice: invoice.id,
      currency: "usd",
      amount: toCents(amountNanos),
      description,
    })
  return stripe().invoices.finalizeInvoice(invoice.id, { auto_advance: false })
}
