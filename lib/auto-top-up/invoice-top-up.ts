import { keepInvoice } from "@/lib/billing/keep-invoice"
import { findStripeCustomer } from "@/lib/customers/stripe-customer"
import type { Db } from "@/lib/db/client"
import { log } from "@/lib/log"
import { formatUsd } from "@/lib/money/usd"
import type { PurchaseRef } from "@/lib/purchases/find-purchase"
import { requireAnswer } from "@/lib/stripe/outcome"
import { draftPaymentInvoice, type PaidPurchase, payInvoiceByPayment } from "@/lib/stripe/payment-invoices"

/**
 * Makes the invoice of a charged top-up, once, however often it is called. It moves no money, because the charge pays
 * it. Throws `UnavailableError` if Stripe can't be asked; the next try continues from there.
 */
export async function invoiceTopUp({ db }: { db: Db }, { teamId, purchaseId }: PurchaseRef): Promise<void> {
  const purchase = await db.purchase.findUnique({ where: { teamId_id: { teamId, id: purchaseId } } })
  if (!purchase?.paymentIntentId || !purchase.capturedNanos || purchase.kind !== "auto_top_up") return
  const customerId = await findStripeCustomer(db, teamId)
  if (customerId === null) return
  const { paymentIntentId, capturedNanos: amountNanos } = purchase
  const description = `${formatUsd(amountNanos)} of credits, auto top-up`
  const paid = { purchaseId, customerId, paymentIntentId, amountNanos, description }
  const known = await db.invoice.findFirst({ where: { teamId, purchaseId }, select: { id: true } })
  const id = known?.id ?? (await draft(db, teamId, paid))
  if (id !== null) requireAnswer(await payInvoiceByPayment(id, paid))
}

// Null when there will be none.
async function draft(db: Db, teamId: string, paid: PaidPurchase): Promise<string | null> {
  const drafted = requireAnswer(await draftPaymentInvoice(paid))
  if (drafted.kind !== "found") {
    log().info({ team: teamId, purchase: paid.purchaseId, why: drafted.kind }, "A top-up gets no invoice")
    return null
  }
  await keepInvoice(db, teamId, drafted.invoice)
  return drafted.invoice.id
}
